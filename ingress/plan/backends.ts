import type { EndpointSlice } from "#api/schema/types";

/**
 * What stands behind a backend ("namespace/service:port"), and its entry in nginx's dictionary, which
 * ingress/lua/kaji/backends.lua reads: a line of options, then a line for each endpoint.
 */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly pod: PodReference | undefined;
  /** The ReplicaSet that it is of, where traffic is shared out by version. */
  readonly version?: string;
  /** Share of the requests that its version gets, against the weights of the others. Default: all alike. */
  readonly weight?: number;
}

export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Where it runs. */
  readonly nodeName?: string;
}

/** Requests for a backend without endpoints wait: at most so many, each at most so long. */
export interface HoldOptions {
  readonly maxRequests: number;
  readonly timeoutMs: number;
}

/** Ready endpoints only: one that is terminating gets no new request, which is what lets it drain. */
export function endpointsOf(slices: readonly EndpointSlice[], portName: string): Endpoint[] {
  const endpoints = new Map<string, Endpoint>();
  for (const slice of slices) {
    const port = slice.ports?.find((candidate) => (candidate.name ?? "") === portName)?.port;
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      if (endpoint.conditions?.ready === false || endpoint.conditions?.terminating === true)
        continue;
      const target = endpoint.targetRef;
      const pod =
        target?.kind === "Pod"
          ? {
              ...{ namespace: target.namespace ?? "", name: target.name ?? "" },
              uid: target.uid ?? "",
              ...(endpoint.nodeName ? { nodeName: endpoint.nodeName } : {}),
            }
          : undefined;
      for (const address of endpoint.addresses)
        endpoints.set(`${address}:${port}`, { address, port, pod });
    }
  }
  return [...endpoints.values()].sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
}

export function addressOf(endpoint: Endpoint): string {
  const host = endpoint.address.includes(":") ? `[${endpoint.address}]` : endpoint.address;
  return `${host}:${endpoint.port}`;
}

/** `hold=MAX,TIMEOUT_MS` or nothing, then `ADDRESS\tVERSION\tWEIGHT\tPOD` a line. */
export function encodeBackend(endpoints: readonly Endpoint[], hold?: HoldOptions): string {
  const options = hold ? `hold=${hold.maxRequests},${hold.timeoutMs}` : "";
  const lines = endpoints.map((endpoint) => {
    const pod = endpoint.pod ? `${endpoint.pod.namespace}/${endpoint.pod.name}` : "";
    return [addressOf(endpoint), endpoint.version ?? "", endpoint.weight ?? "", pod].join("\t");
  });
  return [options, ...lines].join("\n");
}
