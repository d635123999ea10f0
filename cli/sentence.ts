/**
 * What went wrong and why, from an error and its causes. A cause that is told already is not told again: some
 * errors put their cause's message into their own.
 */
export function sentenceOf(error: unknown): string {
  let told = "";
  for (let at = error, depth = 0; at !== undefined && depth < MAX_CAUSES; depth++) {
    const message = at instanceof Error ? at.message || at.name : textOf(at);
    if (!told.includes(message)) told = told ? `${told}: ${message}` : message;
    at = at instanceof Error ? at.cause : undefined;
  }
  return told;
}

const MAX_CAUSES = 6;

function textOf(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : JSON.stringify(thrown);
}
