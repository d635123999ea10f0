import type { Kind } from "#api/machinery/define-kind";

/** One path of the v2 document. kubectl reads the kinds and the query parameters that stand here. */
export type PathItem = Partial<Record<Method, Operation>>;
export type Method = "get" | "put" | "post" | "delete" | "patch";

export interface Operation {
  readonly operationId: string;
  readonly description: string;
  readonly parameters: readonly QueryParameter[];
  readonly responses: { readonly 200: { readonly description: string } };
  readonly "x-kubernetes-action": string;
  readonly "x-kubernetes-group-version-kind": {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
}

export interface QueryParameter {
  readonly name: string;
  readonly in: "query";
  readonly type: "string" | "boolean" | "integer";
  readonly description: string;
}

type Place = "collection" | "all-namespaces" | "object" | "status";
type PathKind = Pick<Kind, "group" | "version" | "kind" | "plural">;

const dryRun = parameter("dryRun", "string", "All: nothing is stored.");
const fieldManager = parameter("fieldManager", "string", "The name of who makes the change.");
const fieldValidation = parameter("fieldValidation", "string", "Ignore, Warn or Strict.");
const writing = [dryRun, fieldManager, fieldValidation];

const parametersOf: Readonly<Record<string, readonly QueryParameter[]>> = {
  get: [],
  list: [
    parameter("labelSelector", "string", "Restricts the list by labels."),
    parameter("fieldSelector", "string", "Restricts the list by fields."),
    parameter("limit", "integer", "The most objects of one answer."),
    parameter("continue", "string", "Where the list goes on."),
    parameter("watch", "boolean", "Answers with a stream of changes."),
    parameter("resourceVersion", "string", "How fresh the answer must be."),
  ],
  post: writing,
  put: writing,
  patch: [...writing, parameter("force", "boolean", "An apply takes over conflicting fields.")],
  delete: [
    dryRun,
    parameter("gracePeriodSeconds", "integer", "Seconds before the object goes."),
    parameter("propagationPolicy", "string", "Orphan, Background or Foreground."),
  ],
  deletecollection: [dryRun],
};

const actionsAt: Readonly<Record<Place, Readonly<Partial<Record<Method, string>>>>> = {
  collection: { get: "list", post: "post", delete: "deletecollection" },
  "all-namespaces": { get: "list" },
  object: { get: "get", put: "put", patch: "patch", delete: "delete" },
  status: { get: "get", put: "put", patch: "patch" },
};

export function operationsOf(kind: PathKind, place: Place): PathItem {
  const operations = Object.entries(actionsAt[place]).map(
    ([method, action]) => [method, operation(kind, place, action)] as const,
  );
  return Object.fromEntries(operations);
}

function operation({ group, version, kind }: PathKind, place: Place, action: string): Operation {
  const suffix = place === "status" ? "Status" : place === "all-namespaces" ? "AllNamespaces" : "";
  return {
    operationId: `${action}${group.replaceAll(/\W/g, "_")}${version}${kind}${suffix}`,
    description: `${action} ${kind}${place === "status" ? " status" : ""}`,
    parameters: parametersOf[action] ?? [],
    responses: { 200: { description: "OK" } },
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": { group, version, kind },
  };
}

/** OpenAPI 3.0 gives a parameter's type as a schema. */
export function toV3PathItem(item: PathItem): Record<string, unknown> {
  const operations = Object.entries(item).map(([method, one]) => {
    const parameters = one.parameters.map(({ type, ...rest }) => ({ ...rest, schema: { type } }));
    return [method, { ...one, parameters }] as const;
  });
  return Object.fromEntries(operations);
}

function parameter(
  name: string,
  type: QueryParameter["type"],
  description: string,
): QueryParameter {
  return { name, in: "query", type, description };
}
