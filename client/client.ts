import type { Kind } from "#api/machinery/define-kind";
import type { KubeList, KubeObject } from "#api/machinery/meta";
import type { DeleteOptions } from "#api/schema/types";

/**
 * What controllers, scheduler, ingress and CLI see of the API: the same interface over HTTPS and in process.
 * Every method throws StatusError for what the server refuses, and a plain Error with a cause when it cannot
 * be reached. Objects that come back may be shared and frozen: copy before changing (structuredClone).
 */
export interface Client {
  get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): Promise<T>;
  list<T extends KubeObject>(kind: Kind<T>, options?: ListOptions): Promise<KubeList<T>>;
  /** Ends when the server closes it; throws StatusError (410: list again). */
  watch<T extends KubeObject>(kind: Kind<T>, options: WatchRequest): AsyncIterable<ClientEvent<T>>;
  create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  /** Replaces; with metadata.resourceVersion it is a compare-and-swap. */
  update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(kind: Kind<T>, target: Target, patch: Patch): Promise<T>;
  delete(kind: Kind, target: Target, options?: DeleteOptions): Promise<void>;
  /** POST to a subresource such as binding, eviction or token; gives the response body. */
  createSubresource<R>(
    kind: Kind,
    target: Target & { subresource: string },
    body: unknown,
  ): Promise<R>;
  /** Anything else: discovery, version, reviews. */
  raw(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown>;
}

export interface Target {
  readonly name: string;
  readonly namespace?: string;
  readonly subresource?: string;
}

export interface Patch {
  readonly type: "json" | "merge" | "strategic" | "apply";
  readonly body: unknown;
  /** Required for apply. */
  readonly fieldManager?: string;
  readonly force?: boolean;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Of Tenants alone: words that each must be found in. */
  readonly search?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchRequest extends ListOptions {
  readonly signal: AbortSignal;
  readonly allowBookmarks?: boolean;
}

export type ClientEvent<T> =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string };
