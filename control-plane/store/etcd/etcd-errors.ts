import { status } from "@grpc/grpc-js";
import { FutureRevisionError } from "#control-plane/store/store";

/** No member of the cluster answered, or none had a leader. What was asked has not been done. */
export class EtcdUnavailableError extends Error {
  override name = "EtcdUnavailableError";
}

/**
 * The connection or the leader was lost while a write was under way: it may have been applied, now or a little
 * later. Never sent again by the store: a compare that fails the second time would deny a write that was done.
 * The caller reads the object again, as after any 500.
 */
export class UnknownOutcomeError extends Error {
  override name = "UnknownOutcomeError";
}

/** A call was not sent: there was no connection to send it on. */
export class NotConnectedError extends Error {
  override name = "NotConnectedError";
}

/** What a failed call means for the one who made it. */
export type Verdict =
  /** etcd refused: the answer would be the same elsewhere. */
  | "refused"
  /** It has surely not been applied: another member may be asked. */
  | "notDone"
  /** It may have been applied. */
  | "unknown";

/**
 * Refusals before anything is proposed to the cluster, by their texts: the code UNAVAILABLE alone does not tell
 * them from a proposal whose fate is open. Source: etcd's api/v3rpc/rpctypes/error.go.
 */
const NOT_PROPOSED = [
  "etcdserver: no leader",
  "etcdserver: not capable",
  "etcdserver: too many requests",
  "etcdserver: rpc not supported for learner",
];

const TRANSIENT: readonly number[] = [
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.INTERNAL,
  status.UNKNOWN,
  status.ABORTED,
  // A deposed leader: its proposal may be in the new leader's log.
  status.DATA_LOSS,
];

export function verdictOf(error: unknown): Verdict {
  if (error instanceof NotConnectedError) return "notDone";
  const code = codeOf(error);
  if (code === undefined) return "refused";
  if (NOT_PROPOSED.some((text) => detailsOf(error).startsWith(text))) return "notDone";
  return TRANSIENT.includes(code) ? "unknown" : "refused";
}

/** The gRPC status code; undefined when the error is not one of a call. */
export function codeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "number" ? code : undefined;
}

/** The server's own words, or the message. */
export function detailsOf(error: unknown): string {
  const details = (error as { details?: unknown } | undefined)?.details;
  return typeof details === "string" ? details : String(error);
}

/** "Out of range", as a revision to come is: only the text tells them apart. */
export function isCompacted(error: unknown): boolean {
  return detailsOf(error).includes("required revision has been compacted");
}

/** A reply above what this client takes (smaller pages fit), or a request above what etcd receives at all. */
export function isTooLarge(error: unknown): boolean {
  return (
    codeOf(error) === status.RESOURCE_EXHAUSTED && detailsOf(error).includes("larger than max")
  );
}

/** What etcd refused, in the seam's words. */
export function translated(error: unknown): unknown {
  const details = detailsOf(error);
  if (details.includes("required revision is a future revision")) {
    return new FutureRevisionError("the revision asked for is in the future", { cause: error });
  }
  const own = /^etcdserver: (.*)/s.exec(details)?.[1];
  return own === undefined ? error : new Error(own, { cause: error });
}

/** The same for a write, which may also be too large for etcd to receive. */
export function translatedWrite(error: unknown): unknown {
  return isTooLarge(error)
    ? new Error("request is too large", { cause: error })
    : translated(error);
}
