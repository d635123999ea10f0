import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Namespace, Pod } from "#api/schema/types";
import type { Client } from "#client/client";
import type { IndexedInformer } from "#client/shared-informers";
import type { ControllerSettings } from "#control-plane/controllers/settings";
import type { Sightings } from "#control-plane/controllers/sightings";

/**
 * A controller is data and two pure functions: `observe` gathers what one object's plan depends on from the
 * caches, `plan` says what to do. The runner does the rest (queue, writes, waiting for the caches to show
 * them, retries, events). Adding one: a file here and a line in index.ts.
 *
 * Law, checked for each: applying a plan and planning again adds nothing.
 */
export interface Controller<T extends KubeObject = KubeObject, Input = unknown, Memory = unknown> {
  readonly name: string;
  /** What the keys in the queue name. */
  readonly reconciles: Kind<T>;
  /**
   * Other kinds whose changes concern an object of `reconciles`, and the keys of those concerned. `observe`
   * may read these kinds and `reconciles` only: nothing is planned before they have been listed.
   */
  readonly watches: readonly Watched[];
  /** Parallel reconciles of different keys. */
  readonly workers?: number;
  /** undefined: there is nothing to do for this key (any more). */
  observe(caches: Caches, key: string): Input | undefined;
  /**
   * Adds to what was observed what no cache has (metrics), read through the API before the plan, or what is not
   * needed each time. What it throws is retried.
   */
  gather?(input: Input, from: Gathering<Memory>): Promise<Input>;
  /** `memory`: what the last plan of this key remembered, in this process. Caller must be well without it. */
  plan(input: Input, nowMs: number, memory?: Memory): readonly Action[];
}

export interface Gathering<Memory> {
  readonly client: Client;
  readonly caches: Caches;
  readonly nowMs: number;
  readonly memory: Memory | undefined;
}

export interface Watched {
  readonly kind: Kind;
  keysOf(object: KubeObject, caches: Caches): readonly string[];
}

/** Read access to informers; indexes are declared in caches.ts. */
export interface Caches {
  get<T extends KubeObject>(kind: Kind<T>, key: string): T | undefined;
  list<T extends KubeObject>(kind: Kind<T>): readonly T[];
  inNamespace<T extends KubeObject>(kind: Kind<T>, namespace: string): readonly T[];
  /** Objects whose controller (ownerReference with controller: true) has this uid. */
  ownedBy<T extends KubeObject>(kind: Kind<T>, uid: string): readonly T[];
  /** Objects with any owner reference to this uid. */
  referringTo<T extends KubeObject>(kind: Kind<T>, uid: string): readonly T[];
  namespacesOfTenant(tenant: string): readonly Namespace[];
  /** Pods bound to this node. */
  podsOnNode(nodeName: string): readonly Pod[];
  /** Pods whose phase is Succeeded or Failed. */
  endedPods(): readonly Pod[];
  /** When these caches began: what is older was heard of, not seen. */
  readonly sinceMs: number;
  /** When this process saw nodes and their leases change or go. */
  readonly seen: { readonly leases: Sightings; readonly nodes: Sightings };
  readonly settings: ControllerSettings;
  informer<T extends KubeObject>(kind: Kind<T>): IndexedInformer<T>;
}

export type Action =
  | {
      readonly type: "create";
      readonly kind: Kind;
      readonly object: KubeObject;
      readonly event?: EventTemplate;
      /** What to write when the API server refuses, such as a condition that says why. */
      readonly onFailure?: (error: string) => Action;
    }
  | {
      readonly type: "update";
      readonly kind: Kind;
      readonly object: KubeObject;
      readonly event?: EventTemplate;
    }
  | { readonly type: "updateStatus"; readonly kind: Kind; readonly object: KubeObject }
  /** Server-side apply in the controller's name: makes what is missing, and takes the fields over that it names. */
  | {
      readonly type: "apply";
      readonly kind: Kind;
      readonly object: KubeObject;
      /** The same as for "create". */
      readonly onFailure?: (error: string) => readonly Action[];
    }
  | {
      readonly type: "patch";
      readonly kind: Kind;
      readonly target: ActionTarget;
      readonly body: unknown;
      /** A merge patch, unless said otherwise. */
      readonly patchType?: "strategic";
      readonly subresource?: string;
      readonly onlyIfAbsent?: readonly Reference[];
      readonly onlyIfUnused?: Usage;
      readonly event?: EventTemplate;
      /** The same as for "create". */
      readonly onFailure?: (error: string) => readonly Action[];
    }
  | {
      readonly type: "delete";
      readonly kind: Kind;
      readonly target: ActionTarget;
      readonly gracePeriodSeconds?: number;
      readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
      readonly onlyIfAbsent?: readonly Reference[];
      readonly event?: EventTemplate;
    }
  | { readonly type: "deleteCollection"; readonly kind: Kind; readonly namespace: string }
  /** Lets a namespace go, unless the API server still has something of these kinds in it. */
  | {
      readonly type: "finalizeNamespace";
      readonly object: KubeObject;
      readonly emptyOf: readonly Kind[];
    }
  | { readonly type: "event"; readonly event: EventTemplate }
  /** For the next plan of this key, once the actions before it are done. Lost with the process and the object. */
  | { readonly type: "remember"; readonly memory: unknown }
  /** Look at this key again, even when nothing changes. */
  | { readonly type: "requeue"; readonly afterMs: number };

/** An object by identity. Caches may lag: an action with `onlyIfAbsent` asks the API server first. */
export interface Reference {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  /** undefined: any object of that name. */
  readonly uid: string | undefined;
}

/** Whether anything of a kind makes use of what an action takes away: the API server is asked first. */
export interface Usage {
  readonly kind: Kind;
  readonly namespace: string;
  isUser(object: KubeObject): boolean;
}

export interface ActionTarget {
  readonly namespace: string | undefined;
  readonly name: string;
  /** The write is only for this very object, never for a later one of the same name. */
  readonly uid: string | undefined;
}

export interface EventTemplate {
  readonly about: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  /** %NAME% is replaced by the name of the object written (which the API server may have generated). */
  readonly message: string;
  /** Said instead when the write fails; %ERROR% is replaced by what the API server answered. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

export function defineController<T extends KubeObject, Input, Memory = unknown>(
  definition: Controller<T, Input, Memory>,
): Controller {
  // The runner feeds `plan` only what the same controller's `observe` gave.
  return Object.freeze(definition) as unknown as Controller;
}

export function targetOf(object: KubeObject): ActionTarget {
  const { namespace, name, uid } = object.metadata;
  return { namespace, name, uid };
}
