import type { Status, StatusCause } from "#api/schema/types";

/**
 * The one catalogue of API errors. Each maker gives Kubernetes' own text, reason and HTTP code, so that
 * kubectl and client libraries recognise them. Source: Kubernetes API conventions, "Status".
 */
export class StatusError extends Error {
  override name = "StatusError";
  readonly status: Status & { code: number; reason: string; message: string };

  constructor(code: number, reason: string, message: string, details?: Status["details"]) {
    super(message);
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason,
      ...(details ? { details } : {}),
      code,
    };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason;
  }
}

/** For `.catch` of a read whose object need not exist; any other error stays one. */
export function undefinedWhenNotFound(error: unknown): undefined {
  if (error instanceof StatusError && error.code === 404) return undefined;
  throw error;
}

/** What an error is about: the resource's plural name and group, as they stand in messages. */
export interface ResourceName {
  readonly group: string;
  readonly plural: string;
}

/** One field that validation refused. `reason` is a metav1.CauseType; the message follows field.Error. */
export interface FieldError {
  readonly reason:
    | "FieldValueRequired"
    | "FieldValueInvalid"
    | "FieldValueNotSupported"
    | "FieldValueForbidden"
    | "FieldValueDuplicate"
    | "FieldValueNotFound"
    | "FieldValueTooLong"
    | "FieldValueTooMany"
    | "FieldValueTypeInvalid";
  /** "spec.containers[0].image" */
  readonly field: string;
  /** What follows "field: " in the message, such as `Invalid value: "x": must be no more than 63 characters`. */
  readonly message: string;
}

/** "deployments.apps", or "pods" in the core group. */
export function qualified(resource: ResourceName): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

function details(resource: ResourceName, name?: string, causes?: StatusCause[]): Status["details"] {
  return {
    ...(name ? { name } : {}),
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.plural,
    ...(causes ? { causes } : {}),
  };
}

export const errors = {
  badRequest: (message: string) => new StatusError(400, "BadRequest", message),
  unauthorized: (message = "Unauthorized") => new StatusError(401, "Unauthorized", message),
  forbidden: (resource: ResourceName, name: string, why: string) =>
    new StatusError(
      403,
      "Forbidden",
      `${qualified(resource)}${name ? ` "${name}"` : ""} is forbidden: ${why}`,
      details(resource, name),
    ),
  forbiddenPath: (user: string, verb: string, path: string) =>
    new StatusError(403, "Forbidden", `forbidden: User "${user}" cannot ${verb} path "${path}"`),
  notFound: (resource: ResourceName, name: string) =>
    new StatusError(
      404,
      "NotFound",
      `${qualified(resource)} "${name}" not found`,
      details(resource, name),
    ),
  /** For a path that no route serves. Clients read `details` of every 404: kubectl debug dies without them. */
  noSuchPath: () =>
    new StatusError(404, "NotFound", "the server could not find the requested resource", {}),
  methodNotAllowed: () =>
    new StatusError(
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
    ),
  notAcceptable: (accepted: string) =>
    new StatusError(
      406,
      "NotAcceptable",
      `only the following media types are accepted: ${accepted}`,
    ),
  alreadyExists: (resource: ResourceName, name: string) =>
    new StatusError(
      409,
      "AlreadyExists",
      `${qualified(resource)} "${name}" already exists`,
      details(resource, name),
    ),
  conflict: (resource: ResourceName, name: string, why: string) =>
    new StatusError(
      409,
      "Conflict",
      `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
      details(resource, name),
    ),
  modified: (resource: ResourceName, name: string) =>
    errors.conflict(
      resource,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    ),
  /** 410: the resourceVersion asked for is compacted; the client lists again. */
  expired: (message: string) => new StatusError(410, "Expired", message),
  tooLarge: (message: string) => new StatusError(413, "RequestEntityTooLarge", message),
  unsupportedMediaType: (accepted: string) =>
    new StatusError(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    ),
  invalid: (kind: { group: string; kind: string }, name: string, causes: readonly FieldError[]) => {
    const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
    const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
    const title = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
    return new StatusError(422, "Invalid", `${title} "${name}" is invalid: ${list}`, {
      name,
      ...(kind.group ? { group: kind.group } : {}),
      kind: kind.kind,
      causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
    });
  },
  tooManyRequests: (message: string, retryAfterSeconds: number) =>
    new StatusError(429, "TooManyRequests", message, { retryAfterSeconds }),
  internal: (message: string) =>
    new StatusError(500, "InternalError", `Internal error occurred: ${message}`),
  unavailable: (message: string) => new StatusError(503, "ServiceUnavailable", message),
  timeout: (message: string) => new StatusError(504, "Timeout", message),
} as const;
