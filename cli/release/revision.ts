import { gunzipSync, gzipSync } from "node:zlib";
import type { KubeObject } from "#api/machinery/meta";
import type { Secret } from "#api/schema/types";
import { CommandError } from "#cli/define-command";
import type { ObjectReference } from "#cli/release/release-object";

/**
 * A revision of a release as it is stored: a Secret of type kaji.dev/release.v1. Its manifests never change; its
 * status does, and stands in labels and annotations.
 *
 *   pending -> deployed -> superseded
 *          \-> failed
 */
export interface Revision {
  readonly release: string;
  readonly namespace: string;
  readonly number: number;
  readonly status: RevisionStatus;
  /** Why it failed. */
  readonly reason: string;
  /** Who deploys it, for whoever comes at the same time: "user@host, process 12". */
  readonly holder: string;
  /** RFC 3339 */
  readonly startTime: string;
  readonly content: RevisionContent;
  /** Of the Secret: a status is written only over the one that was read. */
  readonly resourceVersion?: string;
}

export interface RevisionContent {
  /** "deploy", "rollback to revision 3" */
  readonly action: string;
  readonly objects: readonly KubeObject[];
  /**
   * What former revisions may have left in the cluster and this one has not.
   * Invariant: empty only when all of it was pruned, so a killed deploy leaves nothing that nobody knows of.
   */
  readonly leftovers: readonly ObjectReference[];
}

export type RevisionStatus = "pending" | "deployed" | "superseded" | "failed";

export const RELEASE_TYPE = "kaji.dev/release.v1";
/** Of a Secret's data, in bytes. */
export const MAX_RELEASE_BYTES = 1024 * 1024;
export const KEPT_REVISIONS = 10;

export const labelsOfRevision = {
  release: "kaji.dev/release-name",
  number: "kaji.dev/release-revision",
  status: "kaji.dev/release-status",
} as const;

const notes = {
  reason: "kaji.dev/release-reason",
  holder: "kaji.dev/release-holder",
  startTime: "kaji.dev/release-start-time",
} as const;

export function secretName(release: string, number: number): string {
  return `release.${release}.v${number}`;
}

export function encodeRevision(revision: Revision): Secret {
  const { release, namespace, number, resourceVersion } = revision;
  const bytes = gzipSync(JSON.stringify(revision.content));
  if (bytes.length > MAX_RELEASE_BYTES) {
    throw new CommandError(
      `release ${release} has ${bytes.length} bytes of compressed manifests, and a revision holds at most ${MAX_RELEASE_BYTES} (1 MiB): split it into several releases`,
    );
  }
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: secretName(release, number),
      namespace,
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...statusMarks(revision),
    },
    type: RELEASE_TYPE,
    data: { release: bytes.toString("base64") },
  };
}

export function statusMarks(
  revision: Pick<Revision, "release" | "number" | "status" | "reason" | "holder" | "startTime">,
): { labels: Record<string, string>; annotations: Record<string, string> } {
  const { release, number, status, reason, holder, startTime } = revision;
  return {
    labels: {
      [labelsOfRevision.release]: release,
      [labelsOfRevision.number]: String(number),
      [labelsOfRevision.status]: status,
    },
    annotations: {
      [notes.reason]: reason,
      [notes.holder]: holder,
      [notes.startTime]: startTime,
    },
  };
}

const statuses: readonly RevisionStatus[] = ["pending", "deployed", "superseded", "failed"];

/** Throws CommandError for a Secret that somebody else has made or broken. */
export function decodeRevision({ metadata, data }: Secret): Revision {
  const { name, namespace = "", labels = {}, annotations = {}, resourceVersion } = metadata;
  const number = Number(labels[labelsOfRevision.number]);
  const status = statuses.find((one) => one === labels[labelsOfRevision.status]);
  const broken = (what: string): CommandError =>
    new CommandError(
      `the Secret ${namespace}/${name} is not a revision that can be read: ${what}; delete it, and deploy anew`,
    );
  if (!Number.isSafeInteger(number) || number < 1) throw broken("its label of the number is none");
  if (!status) throw broken("its label of the status is not known");
  return {
    release: labels[labelsOfRevision.release] ?? "",
    ...{ namespace, number, status },
    reason: annotations[notes.reason] ?? "",
    holder: annotations[notes.holder] ?? "",
    startTime: annotations[notes.startTime] ?? "",
    content: decodeContent(data?.release ?? "", broken),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

/** Compressed text can grow a thousandfold: what is not a revision of ours must not fill the memory. */
const MAX_CONTENT_BYTES = 64 * MAX_RELEASE_BYTES;

function decodeContent(text: string, broken: (what: string) => Error): RevisionContent {
  try {
    const bytes = gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: MAX_CONTENT_BYTES });
    const { action, objects, leftovers } = JSON.parse(bytes.toString()) as RevisionContent;
    if (!Array.isArray(objects) || !Array.isArray(leftovers)) throw new Error("no objects");
    return { action, objects: objects as KubeObject[], leftovers: leftovers as ObjectReference[] };
  } catch (cause) {
    throw broken(`its content: ${(cause as Error).message}`);
  }
}
