import type { Event, Pod } from "#api/schema/types";
import type { Assignments } from "#control-plane/nodes/assignments";

/** What a node may speak of: itself and the pods bound to it, each under the name that the API has for it. */
export function isOwnObject(
  nodeName: string,
  assignments: Pick<Assignments, "get">,
  { kind, name, namespace, uid = "" }: Event["involvedObject"],
): boolean {
  // A Node has no namespace; its events are in this one.
  if (kind === "Node") return name === nodeName && (namespace ?? "default") === "default";
  const pod = kind === "Pod" ? assignments.get(nodeName, uid)?.metadata : undefined;
  return pod !== undefined && pod.name === name && pod.namespace === namespace;
}

export interface OwnMetrics {
  readonly node: object | undefined;
  readonly pods: readonly object[];
}

/** Leaves out what is of others or has no name. Names and labels are those of the API, not the agent's words. */
export function ownMetrics(
  nodeName: string,
  bound: Iterable<Pod>,
  reported: { readonly node: unknown; readonly pods: readonly unknown[] },
): OwnMetrics {
  const byName = new Map([...bound].map(({ metadata }) => [titleOf(metadata), metadata]));
  const { node } = reported;
  return {
    node:
      isNamed(node) && node.metadata.name === nodeName
        ? { ...node, metadata: { name: nodeName } }
        : undefined,
    pods: reported.pods.flatMap((metrics) => {
      const pod = isNamed(metrics) ? byName.get(titleOf(metrics.metadata)) : undefined;
      if (!isNamed(metrics) || !pod) return [];
      const { name, namespace, labels } = pod;
      return [{ ...metrics, metadata: { name, namespace, ...(labels ? { labels } : {}) } }];
    }),
  };
}

interface Named {
  readonly metadata: { readonly name?: unknown; readonly namespace?: unknown };
}

function isNamed(value: unknown): value is Named {
  if (typeof value !== "object" || value === null || !("metadata" in value)) return false;
  return typeof value.metadata === "object" && value.metadata !== null;
}

function titleOf({ name, namespace }: Named["metadata"]): string {
  return JSON.stringify([namespace, name]);
}
