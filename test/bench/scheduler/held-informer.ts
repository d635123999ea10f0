import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Informer, InformerChange } from "#client/informer";
import type { Informers } from "#client/shared-informers";

/** Informers whose handlers can be made to wait: changes that come meanwhile are delivered, in order, at release. */
export interface HeldInformers {
  readonly informers: Informers;
  hold(): void;
  release(): void;
}

export function holdable(inner: Informers): HeldInformers {
  let held: (() => void)[] | undefined;
  const wrapped = new Map<object, unknown>();
  const wrap = <T extends KubeObject>(informer: Informer<T>): Informer<T> => {
    const onChange = (handler: (change: InformerChange<T>) => void): void =>
      informer.onChange((change) => {
        if (held) held.push(() => handler(change));
        else handler(change);
      });
    return new Proxy(informer, {
      get: (target, name) => {
        if (name === "onChange") return onChange;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  const informers: Informers = {
    for<T extends KubeObject>(kind: Kind<T>, selection = {}) {
      const informer = inner.for(kind, selection);
      if (!wrapped.has(informer)) wrapped.set(informer, wrap(informer));
      return wrapped.get(informer) as typeof informer;
    },
    synced: () => inner.synced(),
    stopped: () => inner.stopped(),
  };
  return {
    informers,
    hold() {
      held ??= [];
    },
    release() {
      const waiting = held ?? [];
      held = undefined;
      for (const deliver of waiting) deliver();
    },
  };
}
