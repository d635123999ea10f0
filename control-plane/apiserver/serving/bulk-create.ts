import { kinds } from "#api/kinds/index";
import { apiVersionOf, type Kind, pathOf } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { KubeObject } from "#api/machinery/meta";
import type { Status } from "#api/schema/types";
import type { ApiRequest, ApiResponse } from "#client/transport";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";

/**
 * POST /kaji/v1/create: many creates in one request, an object of any kind as JSON in each line of the body. Each
 * is a create like any other, with its own authorization, admission and transaction, in no particular order; what is
 * saved is the way there.
 */
export const BULK_CREATE_PATH = "/kaji/v1/create";

export interface BulkResult {
  readonly created: number;
  readonly refused: readonly Refused[];
}

export interface Refused {
  /** From 1. */
  readonly line: number;
  readonly name: string;
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** Under way at once. The body's own limit (3 MiB) bounds how many there are. */
const CONCURRENCY = 128;

export async function createInBulk(
  request: ApiRequest,
  create: (one: ApiRequest) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const lines = linesOf(request.body);
  const refused: Refused[] = [];
  let created = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < lines.length; at = next++) {
      const text = lines[at] as string;
      if (text.trim() === "") continue;
      const problem = await createLine(request, text, at + 1, create);
      if (problem) refused.push(problem);
      else created++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const result: BulkResult = { created, refused: refused.sort((a, b) => a.line - b.line) };
  return jsonResponse(200, result);
}

function linesOf(body: unknown): readonly string[] {
  if (!(body instanceof Uint8Array)) {
    throw errors.badRequest("the body is not text: send a JSON object in each line");
  }
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString().split("\n");
}

/** undefined: created. */
async function createLine(
  { query, user, userAgent, signal }: ApiRequest,
  text: string,
  line: number,
  create: (one: ApiRequest) => Promise<ApiResponse>,
): Promise<Refused | undefined> {
  const place = placeOf(text);
  if (place.problem !== undefined) {
    return { line, name: place.name, code: 400, reason: "BadRequest", message: place.problem };
  }
  const response = await create({
    ...{ method: "POST", path: place.path, query, body: Buffer.from(text) },
    ...{ contentType: "application/json", accept: "application/json" },
    ...(user ? { user } : {}),
    ...(userAgent ? { userAgent } : {}),
    ...(signal ? { signal } : {}),
  });
  if (response.status < 400) return undefined;
  const { reason = "", message = "" } = (response as { value?: Partial<Status> }).value ?? {};
  return { line, name: place.name, code: response.status, reason, message };
}

type Place =
  | { readonly path: string; readonly name: string; readonly problem?: undefined }
  | { readonly name: string; readonly problem: string };

const kindsByName = new Map<string, Kind>(
  kinds.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind]),
);

/** Where the object of a line is created. */
function placeOf(text: string): Place {
  let object: Partial<KubeObject> | null;
  try {
    object = JSON.parse(text) as Partial<KubeObject> | null;
  } catch (error) {
    return { name: "", problem: `the line is not valid JSON: ${(error as Error).message}` };
  }
  const name = textOf(object?.metadata?.name) ?? "";
  const kind = kindsByName.get(`${textOf(object?.apiVersion)} ${textOf(object?.kind)}`);
  if (!kind) {
    const problem = `no kind "${textOf(object?.kind)}" in version "${textOf(object?.apiVersion)}" is served`;
    return { name, problem };
  }
  const given = textOf(object?.metadata?.namespace) ?? "default";
  const namespace = kind.isNamespaced ? given : undefined;
  return { name, path: pathOf(kind, namespace) };
}

/** What else may stand there is refused with its line: it must not end the others. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
