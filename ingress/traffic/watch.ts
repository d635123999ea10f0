import { TRAFFIC } from "#api/kinds/deployment-strategy";
import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { EndpointSlice } from "#api/schema/types";

/**
 * Who wants to know what reaches a Service: a RequestAutoscaler that names it, or a canary under way. Nothing else is
 * counted by version or reported.
 */
export interface Watching {
  /** A canary compares versions. */
  readonly isShared: boolean;
  readonly autoscaler: RequestAutoscaler | undefined;
}

export function watchingOf(
  autoscaler: RequestAutoscaler | undefined,
  slices: readonly EndpointSlice[],
): Watching | undefined {
  const isShared = slices.some(({ metadata }) => metadata.annotations?.[TRAFFIC]);
  return isShared || autoscaler ? { isShared, autoscaler } : undefined;
}

/** Figures in its status change every few seconds while there is traffic: they are the ingress's own. */
export function concernsIngress(
  before: RequestAutoscaler | undefined,
  after: RequestAutoscaler | undefined,
): boolean {
  if (before?.metadata.uid !== after?.metadata.uid) return true;
  if (before?.status?.question !== after?.status?.question) return true;
  return JSON.stringify(before?.spec) !== JSON.stringify(after?.spec);
}

/** As options of a backend's entry, which ingress/lua/kaji/backends.lua reads. */
export function optionsOf({ autoscaler }: Watching): string {
  if (!autoscaler) return "watched";
  const { queue, healthCheckPaths = [], minReplicas = 0 } = autoscaler.spec;
  // What never sleeps has nothing to wait for: without an endpoint it is broken.
  if (minReplicas > 0) return probesOf(healthCheckPaths, "watched");
  const { maxRequests = 1000, timeoutSeconds = 60 } = queue ?? {};
  return probesOf(healthCheckPaths, `hold=${maxRequests},${timeoutSeconds * 1000}`);
}

function probesOf(paths: readonly string[], options: string): string {
  return paths.length > 0 ? `${options} probes=${paths.join(",")}` : options;
}
