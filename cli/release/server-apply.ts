import { apiVersionOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import type { Connection } from "#cli/admin-client";
import { CommandError } from "#cli/define-command";
import { annotations, pathOfObject, type ReleaseObject, spoken } from "#cli/release/release-object";
import { untilTrue } from "#cli/wait";
import { statusErrorFrom } from "#client/status-response";

export const FIELD_MANAGER = "kaji-deploy";

const GONE_TIMEOUT_MS = 60_000;

/** Server-side apply of one object of a release, for real or as a dry run. */
export async function serverApply(
  { transport }: Pick<Connection, "transport">,
  item: ReleaseObject,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<KubeObject> {
  const query = new URLSearchParams({
    fieldManager: FIELD_MANAGER,
    fieldValidation: "Strict",
    force: "true",
    ...(isDryRun ? { dryRun: "All" } : {}),
  });
  const response = await transport({
    method: "PATCH",
    path: pathOfObject(item),
    query,
    contentType: "application/apply-patch+yaml",
    body: item.object,
  });
  if (response.status >= 400 || response.type !== "json") throw statusErrorFrom(response);
  // Objects of lists lack them, and what is read as one must say what it is.
  return {
    apiVersion: apiVersionOf(item.kind),
    kind: item.kind.kind,
    ...(response.value as object),
  } as KubeObject;
}

export async function liveObject(
  { client }: Pick<Connection, "client">,
  { kind, object }: ReleaseObject,
): Promise<KubeObject | undefined> {
  const { name, namespace } = object.metadata;
  return client.get(kind, name, namespace).catch(undefinedWhenNotFound);
}

/** As `serverApply`; a Job that may be replaced is deleted and made again where its template has changed. */
export async function applyOrReplace(
  connection: Connection,
  item: ReleaseObject,
): Promise<KubeObject> {
  try {
    return await serverApply(connection, item, { isDryRun: false });
  } catch (error) {
    if (!isUnchangeable(error)) throw error;
    if (!mayBeReplaced(item)) throw unchangeable(item, error);
  }
  const { kind, object } = item;
  const { name, namespace } = object.metadata;
  const target = { name, ...(namespace === undefined ? {} : { namespace }) };
  await connection.client.delete(kind, target, { propagationPolicy: "Background" });
  const isGone = async (): Promise<boolean> => (await liveObject(connection, item)) === undefined;
  if (!(await untilTrue(isGone, { timeoutMs: GONE_TIMEOUT_MS, intervalMs: 200 }))) {
    throw new CommandError(
      `${spoken(item)} is still there ${GONE_TIMEOUT_MS / 1000} s after it was deleted to be replaced: its finalizers keep it`,
    );
  }
  return serverApply(connection, item, { isDryRun: false });
}

export function isUnchangeable(error: unknown): error is StatusError {
  return error instanceof StatusError && error.code === 422 && error.message.includes("immutable");
}

export function mayBeReplaced({ kind, object }: ReleaseObject): boolean {
  return kind.kind === "Job" && object.metadata.annotations?.[annotations.replace] === "true";
}

export class UnchangeableJob extends CommandError {}

export function unchangeable(item: ReleaseObject, error: StatusError): Error {
  if (item.kind.kind !== "Job") return error;
  return new UnchangeableJob(
    `the template of ${spoken(item)} cannot be changed: give it another name, or the annotation ${annotations.replace}: "true" so that it is deleted and made again`,
  );
}
