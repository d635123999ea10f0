import { errors } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import type { StreamTarget } from "#control-plane/apiserver/node-streams";

/** Pure: which container is meant, with Kubernetes' own refusals. */
export function containerOf(pod: Pod, asked: string): string {
  const { name } = pod.metadata;
  const containers = pod.spec.containers.map((it) => it.name);
  const init = (pod.spec.initContainers ?? []).map((it) => it.name);
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((it) => it.name);
  if (asked) {
    if ([...containers, ...init, ...ephemeral].includes(asked)) return asked;
    throw errors.badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (only !== undefined && containers.length === 1) return only;
  const choices = [
    `[${containers.join(" ")}]`,
    ...(init.length > 0 ? [`one of the init containers: [${init.join(" ")}]`] : []),
    ...(ephemeral.length > 0 ? [`one of the ephemeral containers: [${ephemeral.join(" ")}]`] : []),
  ];
  throw errors.badRequest(
    `a container name must be specified for pod ${name}, choose one of: ${choices.join(" or ")}`,
  );
}

export function nodeOf(pod: Pod): string {
  if (pod.spec.nodeName) return pod.spec.nodeName;
  throw errors.badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}

export function targetOf(pod: Pod, container: string): StreamTarget {
  const { namespace = "", name, uid = "" } = pod.metadata;
  return { namespace, pod: name, uid, container };
}

/** A query flag as Kubernetes parses it: "1" and "true" are true. */
export function isFlagSet(query: URLSearchParams, name: string): boolean {
  const value = query.get(name)?.toLowerCase();
  return value === "true" || value === "1" || value === "t";
}
