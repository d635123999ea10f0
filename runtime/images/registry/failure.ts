import { formatReference, type Reference } from "#runtime/images/reference";
import { type HttpResponse, readBody } from "#runtime/images/registry/http";
import { RuntimeError } from "#runtime/runtime";

const MAX_ERROR_BYTES = 16 * 1024;

/** The sentence for an answer that is not what was hoped for, and whether trying again may help. */
export async function describeFailure(
  response: HttpResponse,
  attempted: string,
  reference: Reference,
): Promise<RuntimeError> {
  const name = formatReference(reference);
  const detail = await errorDetail(response);
  const what = `failed to ${attempted} "${name}"`;
  if (response.status === 404)
    return new RuntimeError("ErrImagePull", `${what}: ${name}: not found`);
  if (response.status === 401 || response.status === 403) {
    return new RuntimeError(
      "ErrImagePull",
      `${what}: pull access denied, repository does not exist or may require authorization: ${detail}`,
    );
  }
  const isTransient = response.status >= 500 || response.status === 429 || response.status === 408;
  return new RuntimeError(
    isTransient ? "RegistryUnavailable" : "ErrImagePull",
    `${what}: unexpected status from ${response.url.host}: ${response.status} ${detail}`,
  );
}

/** The distribution specification's error list, or nothing. */
async function errorDetail(response: HttpResponse): Promise<string> {
  const fallback = response.status === 401 ? "authorization failed: no basic auth credentials" : "";
  try {
    const body = await readBody(response.body, MAX_ERROR_BYTES);
    const parsed = JSON.parse(body.toString("utf8")) as {
      errors?: { code?: string; message?: string }[];
    };
    const first = parsed.errors?.[0];
    return first ? `${(first.code ?? "").toLowerCase()}: ${first.message ?? ""}` : fallback;
  } catch {
    return fallback; // not the specification's JSON: the status says enough
  }
}
