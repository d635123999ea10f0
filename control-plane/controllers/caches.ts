import type { Kind } from "#api/machinery/define-kind";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import type { IndexedInformer, Informers } from "#client/shared-informers";
import type { Caches } from "#control-plane/controllers/controller";

const OWNER_INDEX = "controllerUid";

/** Informers as controllers read them. The owner index is made for a kind when it is first asked for. */
export function createCaches(informers: Informers): Caches {
  const indexed = new Set<Kind>();
  const informer = <T extends KubeObject>(kind: Kind<T>): IndexedInformer<T> => informers.for(kind);
  return {
    informer,
    get: (kind, key) => informer(kind).get(key),
    list: (kind) => informer(kind).list(),
    inNamespace: (kind, namespace) => informer(kind).inNamespace(namespace),
    ownedBy(kind, uid) {
      const source = informer(kind);
      const plain = kind as unknown as Kind;
      if (!indexed.has(plain)) {
        source.addIndex(OWNER_INDEX, (object) => {
          const owner = controllerOf(object);
          return owner ? [owner.uid] : [];
        });
        indexed.add(plain);
      }
      return source.byIndex(OWNER_INDEX, uid);
    },
  };
}
