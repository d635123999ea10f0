import { hostname, userInfo } from "node:os";
import { secretKind } from "#api/kinds/secret";
import { StatusError } from "#api/machinery/status-error";
import { CommandError } from "#cli/define-command";
import { keyOfReference, type ObjectReference, referenceOf } from "#cli/release/release-object";
import {
  decodeRevision,
  encodeRevision,
  KEPT_REVISIONS,
  labelsOfRevision,
  RELEASE_TYPE,
  type Revision,
  type RevisionStatus,
  secretName,
  statusMarks,
} from "#cli/release/revision";
import { untilTrue } from "#cli/wait";
import type { Client } from "#client/client";
import { toTime } from "#kit/clock";

/** Reads and writes the revisions of a release. Who creates the next one's Secret has the release. */

/** Oldest first. `release` undefined: of all releases. */
export async function readHistory(
  client: Client,
  namespace: string,
  release: string | undefined,
): Promise<Revision[]> {
  const { release: label } = labelsOfRevision;
  const labelSelector = release === undefined ? label : `${label}=${release}`;
  const { items } = await client.list(secretKind, { namespace, labelSelector });
  return items
    .filter(({ type }) => type === RELEASE_TYPE)
    .map(decodeRevision)
    .sort((a, b) => a.number - b.number);
}

/** Caller must: have a history with at least one revision, else the user has the wrong name. */
export function newestOf(
  history: readonly Revision[],
  release: string,
  namespace: string,
): Revision {
  const newest = history.at(-1);
  if (newest) return newest;
  throw new CommandError(
    `there is no release "${release}" in namespace ${namespace}: \`kaji deploy history -n ${namespace}\` shows those that are there`,
  );
}

/** A pending revision that is not written for so long has nobody: clocks of two machines are not compared. */
const SILENCE_MS = 10_000;

/**
 * The next revision, pending and ours alone. Waits a moment where the newest one is pending, to see whether somebody
 * is at it; takes over from one that was killed.
 */
export async function beginRevision(
  client: Client,
  history: readonly Revision[],
  next: Pick<Revision, "release" | "namespace" | "content">,
  note: (line: string) => void,
): Promise<Revision> {
  const { release } = next;
  const newest = history.at(-1);
  if (newest?.status === "pending") {
    if (await isAlive(client, newest, note)) throw occupied(newest);
    note(
      `revision ${newest.number} of ${release} was left pending by ${newest.holder}: going on from there`,
    );
    await setStatus(client, newest, "failed", "interrupted: the process that deployed it ended");
  }
  const revision: Revision = {
    ...next,
    number: (newest?.number ?? 0) + 1,
    status: "pending",
    reason: "",
    holder: ownName(),
    startTime: toTime(Date.now()),
  };
  const created = await client
    .create(secretKind, encodeRevision(revision))
    .catch((error: unknown) => {
      if (!isRefusedAs(error, "AlreadyExists")) throw error;
      throw occupied({ ...revision, holder: "somebody else" });
    });
  return { ...revision, ...versionOf(created.metadata.resourceVersion) };
}

function versionOf(resourceVersion: string | undefined): Pick<Revision, "resourceVersion"> {
  return resourceVersion === undefined ? {} : { resourceVersion };
}

export function occupied({ release, number, holder, startTime }: Revision): CommandError {
  return new CommandError(
    `release ${release} is being deployed by ${holder} (revision ${number}, since ${startTime}): wait until that ends, then run this again`,
  );
}

function ownName(): string {
  return `${userInfo().username}@${hostname()}, process ${process.pid}`;
}

async function isAlive(
  client: Client,
  revision: Revision,
  note: (line: string) => void,
): Promise<boolean> {
  const { release, namespace, number, resourceVersion, holder } = revision;
  if (isEndedHere(holder)) return false;
  note(
    `revision ${number} of ${release} is pending, by ${holder}: looking whether somebody is at it`,
  );
  const isWritten = async (): Promise<boolean> => {
    const { metadata } = await client.get(secretKind, secretName(release, number), namespace);
    return metadata.resourceVersion !== resourceVersion;
  };
  return untilTrue(isWritten, { timeoutMs: SILENCE_MS, intervalMs: 500 });
}

/** A process of this machine that is no more: nothing needs to be waited for. */
function isEndedHere(holder: string): boolean {
  const [, host, process_] = /^[^@]*@(.*), process (\d+)$/.exec(holder) ?? [];
  if (host !== hostname() || process_ === undefined) return false;
  try {
    process.kill(Number(process_), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Only over the status that was read: whoever was faster has the release. */
async function setStatus(
  client: Client,
  revision: Revision,
  status: RevisionStatus,
  reason: string,
): Promise<void> {
  const { release, namespace, number, resourceVersion } = revision;
  const marks = statusMarks({ ...revision, status, reason });
  const body = { metadata: { resourceVersion, ...marks } };
  await client
    .patch(secretKind, { name: secretName(release, number), namespace }, { type: "merge", body })
    .catch((error: unknown) => {
      throw isRefusedAs(error, "Conflict") ? occupied(revision) : error;
    });
}

/** After a deploy: the former one is superseded, and what is beyond the tenth goes, but not what can be gone back to. */
export async function tidyHistory(
  client: Client,
  history: readonly Revision[],
  { isDeployed }: { readonly isDeployed: boolean },
): Promise<void> {
  for (const revision of isDeployed ? history.filter(({ status }) => status === "deployed") : []) {
    await setStatus(client, revision, "superseded", "");
  }
  const good = history.findLast(({ status }) => status === "deployed" || status === "superseded");
  // The present revision is one of those that are kept.
  const old = history.slice(0, Math.max(0, history.length - KEPT_REVISIONS + 1));
  for (const { release, namespace, number } of old.filter((one) => one !== good)) {
    await client.delete(secretKind, { name: secretName(release, number), namespace });
  }
}

/** All that the release may have in the cluster now, by its newest revision. */
export function presentObjects(newest: Revision | undefined): ObjectReference[] {
  if (!newest) return [];
  const { objects, leftovers } = newest.content;
  const all = [...leftovers, ...objects.map(referenceOf)];
  return [...new Map(all.map((one) => [keyOfReference(one), one])).values()];
}

/** What a rollback goes back to. Throws where there is nothing. */
export function rollbackTarget(
  history: readonly Revision[],
  release: string,
  wanted: number | undefined,
): Revision {
  if (wanted !== undefined) {
    const found = history.find(({ number }) => number === wanted);
    if (found) return found;
    const known = history.map(({ number }) => number).join(", ");
    throw new CommandError(
      `release ${release} has no revision ${wanted}: the history has ${known || "none"}`,
    );
  }
  const newest = history.at(-1);
  const good = history.filter(({ status }) => status === "deployed" || status === "superseded");
  const found = good.findLast(({ number }) => number !== newest?.number);
  if (found) return found;
  throw new CommandError(
    `release ${release} has no former revision that was deployed: \`kaji deploy history ${release}\` shows what there is`,
  );
}

export function isRefusedAs(error: unknown, reason: string): boolean {
  return error instanceof StatusError && error.reason === reason;
}
