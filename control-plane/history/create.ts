import { controllerOf } from "#api/machinery/meta";
import type { KubeObject } from "#api/machinery/meta";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { History } from "#control-plane/history/history";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

/** `podNamed`: as the caches have it now; it is asked once for each pod. */
export function createHistory(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly nodeStreams: NodeStreams;
  podNamed(namespace: string, name: string): KubeObject | undefined;
}): History {
  const { podNamed, ...rest } = options;
  const ownerOf = (namespace: string, name: string): string => {
    const pod = podNamed(namespace, name);
    return (pod && controllerOf(pod)?.name) ?? "";
  };
  return new History({ ...rest, ownerOf });
}
