import { quantityProblem } from "#api/machinery/quantity";
import { type NodeKind, type SchemaNode, schemaFor } from "#api/schema/schema-node";

/** One place where a value does not have the shape of its schema. */
export interface SchemaProblem {
  readonly kind: "unknownField" | "wrongType";
  /** "spec.containers[0].image" */
  readonly path: string;
  /** As Kubernetes' decoder says it: `unknown field "spec.foo"`, `json: cannot unmarshal ...`. */
  readonly message: string;
}

/** No object is nested deeper; below it stands a problem instead of a stack overflow. */
export const maxDepth = 500;
/** A hostile object gets this many problems, not a million. */
export const maxProblems = 100;

/**
 * Unknown fields and wrong types of a parsed object; what names and rules say is the kind's own validation.
 * null is right everywhere, as for Kubernetes' decoder: it means absent.
 */
export function validateAgainstSchema(schemaName: string, value: unknown): SchemaProblem[] {
  const walk: Walk = { path: [], problems: [], struct: "" };
  check(schemaFor(schemaName), value, walk);
  return walk.problems;
}

/**
 * The sentence for fieldValidation Strict and for the Warning headers of Warn; undefined without unknown fields.
 * `duplicates` are paths that the body's parser saw twice.
 */
export function strictDecodingError(
  problems: readonly SchemaProblem[],
  duplicates: readonly string[] = [],
): string | undefined {
  const unknown = problems.filter(({ kind }) => kind === "unknownField");
  const messages = [
    ...unknown.map(({ message }) => message),
    ...duplicates.map((path) => `duplicate field "${path}"`),
  ];
  return messages.length === 0 ? undefined : `strict decoding error: ${messages.join(", ")}`;
}

/** What the API answers (400) when a body does not decode. `version` is "v1", not the group. */
export function decodingErrorText(kind: string, version: string, sentence: string): string {
  return `${kind} in version "${version}" cannot be handled as a ${kind}: ${sentence}`;
}

interface Walk {
  readonly path: (string | number)[];
  readonly problems: SchemaProblem[];
  /** The innermost struct, which Go's messages begin with. */
  struct: string;
}

function check(node: SchemaNode, value: unknown, walk: Walk): void {
  if (value === null || value === undefined || walk.problems.length >= maxProblems) return;
  if (walk.path.length > maxDepth) {
    report(walk, "wrongType", "exceeded max depth");
    return;
  }
  if (node.kind === "struct") checkStruct(node, value, walk);
  else if (node.kind === "map") checkMap(node, value, walk);
  else if (node.kind === "list") checkList(node, value, walk);
  else checkScalar(node, value, walk);
}

function checkMap(node: SchemaNode, value: unknown, walk: Walk): void {
  if (!isObject(value)) return mismatch(node, value, walk);
  for (const key in value) within(node.element, key, value[key], walk);
}

function checkList(node: SchemaNode, value: unknown, walk: Walk): void {
  if (!Array.isArray(value)) return mismatch(node, value, walk);
  value.forEach((item, index) => {
    within(node.element, index, item, walk);
  });
}

function checkStruct(node: SchemaNode, value: unknown, walk: Walk): void {
  if (!isObject(value)) return mismatch(node, value, walk);
  const outer = walk.struct;
  walk.struct = node.goType.slice(node.goType.indexOf(".") + 1);
  for (const key in value) {
    const field = node.fields?.get(key);
    if (field) within(field, key, value[key], walk);
    else reportUnknown(key, walk);
  }
  walk.struct = outer;
}

function within(
  node: SchemaNode | undefined,
  step: string | number,
  value: unknown,
  walk: Walk,
): void {
  if (!node) return;
  walk.path.push(step);
  check(node, value, walk);
  walk.path.pop();
}

/** Kinds whose values are right or wrong by their JSON type alone. */
const scalarTests: Partial<Record<NodeKind, (value: unknown, goType: string) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: isInteger,
  intOrString: (value) => typeof value === "string" || isInteger(value, "int32"),
  object: isObject,
};

function checkScalar(node: SchemaNode, value: unknown, walk: Walk): void {
  if (node.kind === "any") return;
  const isRight = scalarTests[node.kind];
  if (!isRight) checkText(node, value, walk);
  else if (!isRight(value, node.goType)) mismatch(node, value, walk);
}

/** Scalars written as text that has a form of its own. */
function checkText(node: SchemaNode, value: unknown, walk: Walk): void {
  if (node.kind === "quantity" && (typeof value === "string" || typeof value === "number")) {
    const problem = quantityProblem(String(value).trim());
    if (problem) report(walk, "wrongType", problem);
    return;
  }
  if (typeof value !== "string") return mismatch(node, value, walk);
  if (node.kind === "time" && !isRfc3339(value)) {
    const text = `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`;
    report(walk, "wrongType", text);
  }
  if (node.kind === "bytes") {
    const at = base64ErrorAt(value);
    if (at >= 0) {
      report(walk, "wrongType", `illegal base64 data at input byte ${String(at)}`);
    }
  }
}

function isInteger(value: unknown, goType: string): boolean {
  if (typeof value !== "number" || !Number.isInteger(value)) return false;
  return goType !== "int32" || (value >= -(2 ** 31) && value < 2 ** 31);
}

function isRfc3339(text: string): boolean {
  const form = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
  return form.test(text) && !Number.isNaN(Date.parse(text));
}

/** -1 when the text is standard base64 with padding. */
function base64ErrorAt(text: string): number {
  const compact = text.replace(/[\r\n]/g, "");
  const body = /^[A-Za-z0-9+/]*/.exec(compact)?.[0].length ?? 0;
  const padding = compact.slice(body);
  const isComplete =
    compact.length % 4 === 0 && (padding === "" || padding === "=" || padding === "==");
  return isComplete ? -1 : padding === "" ? body - (body % 4) : body;
}

function mismatch(node: SchemaNode, value: unknown, walk: Walk): void {
  const field = walk.path.filter((step) => typeof step === "string").join(".");
  const target = field === "" ? "Go value" : `Go struct field ${walk.struct}.${field}`;
  const text = `json: cannot unmarshal ${jsonType(value)} into ${target} of type ${node.goType}`;
  report(walk, "wrongType", text);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") {
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31
      ? "number"
      : `number ${String(value)}`;
  }
  return typeof value;
}

function reportUnknown(key: string, walk: Walk): void {
  walk.path.push(key);
  report(walk, "unknownField", `unknown field "${pathText(walk.path)}"`);
  walk.path.pop();
}

function report(walk: Walk, kind: SchemaProblem["kind"], message: string): void {
  if (walk.problems.length >= maxProblems) return;
  walk.problems.push({ kind, path: pathText(walk.path), message });
}

function pathText(path: readonly (string | number)[]): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${String(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
