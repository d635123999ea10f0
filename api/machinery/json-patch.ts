import fastJsonPatch, { JsonPatchError, type Operation } from "fast-json-patch";
import { errors, StatusError } from "#api/machinery/status-error";

// The package is CommonJS: Node does not see this function as a named export.
const { applyOperation } = fastJsonPatch;

export const maxJsonPatchOperations = 10_000;

/** RFC 6902 on a clone. 400 for a patch that is none, 422 for one that does not apply. */
export function applyJsonPatch<T>(object: T, operations: unknown): T {
  if (!Array.isArray(operations) || !operations.every(isOperation)) {
    throw errors.badRequest(
      "json: cannot unmarshal the patch: a JSON patch is an array of operations with op and path",
    );
  }
  if (operations.length > maxJsonPatchOperations) {
    throw errors.tooLarge(
      `The allowed maximum operations in a JSON patch is ${String(maxJsonPatchOperations)}, got ${String(operations.length)}`,
    );
  }
  let document = structuredClone(object);
  operations.forEach((operation, index) => {
    document = applyOne(document, operation, index);
  });
  return document;
}

function applyOne<T>(document: T, operation: Operation, index: number): T {
  try {
    // A value that stood in the patch twice must not become one shared object.
    const own = structuredClone(operation);
    return applyOperation(document, own, true, true, true, index).newDocument;
  } catch (cause) {
    if (!(cause instanceof JsonPatchError) && !(cause instanceof TypeError)) throw cause;
    throw doesNotApply(operation, cause);
  }
}

function doesNotApply(operation: Operation, cause: Error): StatusError {
  const error = unprocessable(sentence(operation));
  error.cause = cause;
  return error;
}

function sentence(operation: Operation): string {
  const { op, path } = operation;
  switch (op) {
    case "test":
      return `testing value ${path} failed: test failed`;
    case "add":
      return `add operation does not apply: doc is missing path: "${path}": missing value`;
    case "remove":
    case "replace":
      return `${op} operation does not apply: doc is missing key: ${path}: missing value`;
    case "move":
    case "copy":
      return `${op} operation does not apply: doc is missing from path: ${operation.from}: missing value`;
    case "_get":
    default:
      return `Unexpected kind: ${op}`;
  }
}

/** Kubernetes' 422 for a patch that cannot be applied; kubectl shows the cause. */
export function unprocessable(cause: string): StatusError {
  return new StatusError(
    422,
    "Invalid",
    "the server rejected our request due to an error in our request",
    { causes: [{ reason: "UnexpectedServerResponse", message: cause }] },
  );
}

function isOperation(value: unknown): value is Operation {
  if (typeof value !== "object" || value === null) return false;
  const { op, path } = value as Record<string, unknown>;
  return typeof op === "string" && typeof path === "string";
}
