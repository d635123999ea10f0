import { leaseKind } from "#api/kinds/lease";
import { namespaceKind } from "#api/kinds/namespace";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { isPodTerminal } from "#api/kinds/pod-status";
import type { Kind } from "#api/machinery/define-kind";
import { controllerOf, type KubeObject } from "#api/machinery/meta";
import type { Namespace, Pod } from "#api/schema/types";
import { tenantOf } from "#api/tenants/names";
import type { IndexedInformer, Informers } from "#client/shared-informers";
import type { Caches } from "#control-plane/controllers/controller";
import { type ControllerSettings, DEFAULT_SETTINGS } from "#control-plane/controllers/settings";
import { type EarlierSightings, watchSightings } from "#control-plane/controllers/sightings";
import type { Clock } from "#kit/clock";

/** Informers as controllers read them. An index is made for a kind when it is first asked for. */
export function createCaches(
  informers: Informers,
  clock: Clock,
  settings: ControllerSettings = DEFAULT_SETTINGS,
  earlierLeases?: EarlierSightings,
): Caches {
  const now = (): number => clock.now();
  const indexed = new Map<string, Set<Kind>>();
  const informer = <T extends KubeObject>(kind: Kind<T>): IndexedInformer<T> => informers.for(kind);

  function lookUp<T extends KubeObject>(
    kind: Kind<T>,
    index: Index<T>,
    value: string,
  ): readonly T[] {
    const source = informer(kind);
    const plain = kind as unknown as Kind;
    const known = indexed.get(index.name) ?? new Set();
    if (!known.has(plain)) {
      source.addIndex(index.name, index.valuesOf);
      indexed.set(index.name, known.add(plain));
    }
    return source.byIndex(index.name, value);
  }

  return {
    sinceMs: now(),
    seen: {
      leases: watchSightings(informers, leaseKind, now, earlierLeases),
      nodes: watchSightings(informers, nodeKind, now),
    },
    settings,
    informer,
    get: (kind, key) => informer(kind).get(key),
    list: (kind) => informer(kind).list(),
    inNamespace: (kind, namespace) => informer(kind).inNamespace(namespace),
    ownedBy: (kind, uid) => lookUp(kind, byController, uid),
    referringTo: (kind, uid) => lookUp(kind, byOwner, uid),
    namespacesOfTenant: (tenant) => lookUp(namespaceKind, byTenant, tenant),
    podsOnNode: (nodeName) => lookUp(podKind, byNode, nodeName),
    endedPods: () => lookUp(podKind, byEnd, ENDED),
  };
}

interface Index<T extends KubeObject> {
  readonly name: string;
  readonly valuesOf: (object: T) => readonly string[];
}

const byController: Index<KubeObject> = {
  name: "controllerUid",
  valuesOf: (object) => {
    const owner = controllerOf(object);
    return owner ? [owner.uid] : [];
  },
};

const byOwner: Index<KubeObject> = {
  name: "ownerUid",
  valuesOf: ({ metadata }) => [...new Set((metadata.ownerReferences ?? []).map(({ uid }) => uid))],
};

const byTenant: Index<Namespace> = {
  name: "tenant",
  valuesOf: (namespace) => {
    const tenant = tenantOf(namespace);
    return tenant === undefined ? [] : [tenant];
  },
};

const byNode: Index<Pod> = {
  name: "nodeName",
  valuesOf: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []),
};

const ENDED = "ended";
const byEnd: Index<Pod> = {
  name: "ended",
  valuesOf: (pod) => (isPodTerminal(pod) ? [ENDED] : []),
};
