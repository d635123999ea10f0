import type { KubeObject } from "#api/machinery/meta";
import type { Pod } from "#api/schema/types";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import { objectKey } from "#control-plane/apiserver/storage/keys";
import { type ObjectTraces, spanName } from "#control-plane/apiserver/observability/object-traces";
import type { ServerMetrics } from "#control-plane/apiserver/observability/server-metrics";
import type { ResourcePath } from "#control-plane/apiserver/serving/request-path";
import { preciseNow } from "#kit/trace";

/** What requests are counted and traced by. */
export interface Observed {
  readonly metrics: ServerMetrics;
  readonly traces: ObjectTraces;
  /** The stored object, as far as this server knows. */
  find(path: ResourcePath): KubeObject | undefined;
}

/** A request begins; the function that is given is told the answer, and what the resource is called in metrics. */
export function observe(
  observed: Observed,
  request: ApiRequest,
  path: ResourcePath,
  user: UserInfo,
): (response: ApiResponse, label: string) => void {
  const startMs = preciseNow();
  const { metrics } = observed;
  const isWrite = request.method !== "GET";
  const ended = metrics.began(isWrite);
  return (response, label) => {
    ended();
    const isWatch = response.type === "watch";
    const seconds = (preciseNow() - startMs) / 1000;
    metrics.observe(isWatch ? "watch" : request.method, label, response.status, seconds);
    if (isWrite) traceWrite(observed, { request, path, label, user, response, startMs });
    else if (request.trace) {
      const name = spanName(isWatch ? "watch" : "get", label);
      observed.traces.answered(request.trace, name, startMs, fieldsOf(request, user, response));
    }
  };
}

interface Answered {
  readonly request: ApiRequest;
  readonly path: ResourcePath;
  /** What a span that is kept says: a name from the URL may be as long as a client likes. */
  readonly label: string;
  readonly user: UserInfo;
  readonly response: ApiResponse;
  readonly startMs: number;
}

const VERBS = { GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

/** Written all the time, and about others. */
const UNTRACED: ReadonlySet<string> = new Set(["events", "leases"]);

function traceWrite(observed: Observed, answered: Answered): void {
  const { request, path, label, user, response, startMs } = answered;
  if (UNTRACED.has(path.plural) || request.query.has("dryRun")) return;
  const fields = fieldsOf(request, user, response);
  const verb = VERBS[request.method];
  if (response.status >= 300) {
    const { trace } = request;
    if (trace) observed.traces.answered(trace, spanName(verb, label), startMs, fields);
    return;
  }
  const object = objectOf(response) ?? observed.find(path);
  if (!object) return;
  const { trace } = request;
  const isOwn = isComponent(user);
  const { plural: resource, subresource } = path;
  const node = resource === "pods" ? (object as Partial<Pod>).spec?.nodeName : undefined;
  if (node) fields.node = node; // who can say more of a pod, also when it is gone
  const { resourceVersion } = object.metadata;
  if (resourceVersion) fields.resourceVersion = resourceVersion;
  const { name, namespace } = object.metadata;
  const key = objectKey({ ...path, isNamespaced: true }, namespace, name);
  observed.traces.wrote({
    ...{ trace, verb, resource, subresource, object, key, isOwn, startMs, fields },
  });
}

/** A Status or a Table says too little. */
function objectOf(response: ApiResponse): KubeObject | undefined {
  if (response.type !== "json") return undefined;
  const value = response.value as Partial<KubeObject> | undefined;
  return value?.metadata?.uid ? (value as KubeObject) : undefined;
}

type Fields = Record<string, string | number>;

function fieldsOf({ auditId }: ApiRequest, user: UserInfo, { status }: ApiResponse): Fields {
  const fields: Fields = { user: user.name, status };
  if (auditId) fields.auditId = auditId;
  return fields;
}

const COMPONENTS = ["system:kaji:", "system:node:"];

/** Parts of the cluster: what they write follows from what users wrote. */
export function isComponent({ name }: UserInfo): boolean {
  return COMPONENTS.some((prefix) => name.startsWith(prefix));
}
