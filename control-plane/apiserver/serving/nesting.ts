import { Lexer } from "yaml";
import { errors } from "#api/machinery/status-error";

/** Deeper than any object of Kubernetes, and far from what recursion over parsed data can bear. */
export const MAX_DEPTH = 500;

/**
 * Refuses data that no object can hold: nested so deep that walking it would end the process, or with the key
 * `__proto__`, which copies of JavaScript objects lose without a word.
 */
export function checkParsed(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw tooDeep();
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      if (Object.hasOwn(item, "__proto__")) {
        throw errors.badRequest('the key "__proto__" cannot be used in an object');
      }
      for (const inner of Object.values(item)) {
        if (typeof inner === "object" && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}

/**
 * Refuses YAML text that nests too deep, before the parser recurses into it. Invariant: counts at least the true
 * depth. Each level of flow style opens a bracket; each of block style has an indicator on its line or more
 * indentation than the line before.
 */
export function checkYamlText(text: string): void {
  let flowDepth = 0;
  let lineDepth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "\n" || token === "\r\n") lineDepth = 0;
    else if (token === "[" || token === "{") flowDepth++;
    else if (token === "]" || token === "}") flowDepth--;
    else if (token === "-" || token === "?" || token === ":") lineDepth++;
    else if (token.length > MAX_DEPTH && token.trim() === "") throw tooDeep();
    if (flowDepth + lineDepth > MAX_DEPTH) throw tooDeep();
  }
}

function tooDeep(): Error {
  return errors.badRequest(`the request body is nested more than ${MAX_DEPTH} levels deep`);
}
