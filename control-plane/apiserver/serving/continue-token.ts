import { errors } from "#api/machinery/status-error";

/** Where a paged list goes on: after `key`, at `revision`. Opaque to clients. */
export interface ContinueToken {
  readonly revision: number;
  readonly key: string;
}

export function encodeContinue(token: ContinueToken): string {
  const json = JSON.stringify({ v: "kaji/v1", rv: token.revision, start: token.key });
  return Buffer.from(json).toString("base64url");
}

/** `prefix`: the collection the key must lie in, so that a token cannot reach elsewhere. */
export function decodeContinue(text: string, prefix: string): ContinueToken {
  let decoded: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    decoded = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    throw errors.badRequest("continue key is not valid: it is not a token of this server");
  }
  const { v, rv, start } = decoded ?? {};
  const isValid =
    v === "kaji/v1" &&
    Number.isSafeInteger(rv) &&
    typeof start === "string" &&
    start.startsWith(prefix);
  if (!isValid) throw errors.badRequest("continue key is not valid: it is of another collection");
  return { revision: rv as number, key: start as string };
}
