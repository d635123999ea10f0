import type { ApiRequest, UserInfo } from "#client/transport";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Admission } from "#control-plane/apiserver/admission/admission";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import type { StoredObject } from "#control-plane/apiserver/storage/codec";
import type { SharedLeases } from "#control-plane/apiserver/storage/shared-leases";
import type { Turns } from "#control-plane/apiserver/rest/turns";
import type { Store } from "#control-plane/store/store";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/** What the REST verbs work with. */
export interface RestContext {
  readonly store: Store;
  readonly feed: Feed;
  readonly leases: SharedLeases;
  readonly authorizer: Authorizer;
  readonly admission: Admission;
  /** By namespace: writers that are charged to its quotas. */
  readonly quotaTurns: Turns;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  /** Runs after an object is stored and before the client hears of it. */
  afterCreate(kind: Kind, object: KubeObject): Promise<void>;
}

export type Verb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "delete"
  | "deletecollection";

/** A request for a stored resource, after routing and authorization. */
export interface ResourceRequest {
  readonly kind: Kind;
  readonly verb: Verb;
  readonly namespace: string | undefined;
  /** "" for a collection. */
  readonly name: string;
  readonly subresource: string | undefined;
  readonly user: UserInfo;
  readonly request: ApiRequest;
}

/** What one write has in common over all its attempts. */
export interface WriteOptions {
  readonly isDryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  readonly user: UserInfo;
  /** Field managers are already tracked (server-side apply). */
  readonly isTracked?: boolean;
  /** Sentences for the Warning headers of the response; grows during the write. */
  readonly warnings: string[];
}

export type Written = Pick<StoredObject, "object" | "bytes">;
