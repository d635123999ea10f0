import {
  parseTraffic,
  TRAFFIC,
  type TrafficShare,
  versionOfPod,
} from "#api/kinds/deployment-strategy";
import type { Endpoint as SliceEndpoint, EndpointSlice } from "#api/schema/types";

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
  /** It gets copies of this percent of the requests, and no request. */
  readonly mirrorPercent?: number;
}

export interface PodReference {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Where it runs. */
  readonly nodeName?: string;
}

/** What others have beside pods whose versions have shares: as much as a version with all of them. */
const WHOLE = 100;

/** Objects of the cache never change: the same slices say the same, however many other backends change. */
const resolved = new WeakMap<
  EndpointSlice,
  { slices: readonly EndpointSlice[]; portName: string; endpoints: readonly Endpoint[] }
>();

/** Of an unchanged backend the very list of before, which `encodeBackend` knows again too. */
export function endpointsOf(
  slices: readonly EndpointSlice[],
  portName: string,
): readonly Endpoint[] {
  const [first] = slices;
  if (!first) return [];
  const known = resolved.get(first);
  const isSame =
    known?.portName === portName &&
    known.slices.length === slices.length &&
    known.slices.every((slice, at) => slice === slices[at]);
  if (isSame) return known.endpoints;
  const endpoints = resolve(slices, portName);
  resolved.set(first, { slices: [...slices], portName, endpoints });
  return endpoints;
}

/**
 * Ready endpoints only: one that is terminating gets no new request, which is what lets it drain. Where the slice
 * shares the traffic out, each has its version's part.
 */
function resolve(slices: readonly EndpointSlice[], portName: string): Endpoint[] {
  const endpoints = new Map<string, Endpoint>();
  for (const slice of slices) {
    const port = slice.ports?.find((candidate) => (candidate.name ?? "") === portName)?.port;
    if (port === undefined) continue;
    const shares = parseTraffic(slice.metadata.annotations?.[TRAFFIC]);
    for (const endpoint of slice.endpoints ?? []) {
      const part = partOf(endpoint, shares);
      if (!part) continue;
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
        endpoints.set(`${address}:${port}`, { address, port, pod, ...part });
    }
  }
  return [...endpoints.values()].sort((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
}

type Part = Pick<Endpoint, "version" | "weight" | "mirrorPercent">;

/** undefined: it gets nothing. */
function partOf(
  { conditions, targetRef }: SliceEndpoint,
  shares: ReadonlyMap<string, TrafficShare> | undefined,
): Part | undefined {
  if (conditions?.terminating === true) return undefined;
  const isReady = conditions?.ready !== false;
  if (!shares) return isReady ? {} : undefined;
  const version = targetRef?.kind === "Pod" ? versionOfPod(targetRef.name ?? "") : "";
  const share = shares.get(version);
  if (!share) return isReady ? { weight: WHOLE } : undefined;
  const { weight, mirrorPercent } = share;
  // Slices say of it that it is not ready, so that nobody else sends to it; it must be serving.
  if (mirrorPercent !== undefined)
    return conditions?.serving === true ? { version, weight, mirrorPercent } : undefined;
  return isReady && weight > 0 ? { version, weight } : undefined;
}

export function addressOf(endpoint: Endpoint): string {
  const host = endpoint.address.includes(":") ? `[${endpoint.address}]` : endpoint.address;
  return `${host}:${endpoint.port}`;
}

/** Options (ingress/traffic/watch.ts) or nothing, then `ADDRESS\tVERSION\tWEIGHT\tPOD` a line; `mPERCENT` as the weight: copies. */
export function encodeBackend(endpoints: readonly Endpoint[], options = ""): string {
  const known = encoded.get(endpoints);
  if (known?.options === options) return known.entry;
  const entry = encode(endpoints, options);
  encoded.set(endpoints, { options, entry });
  return entry;
}

const encoded = new WeakMap<readonly Endpoint[], { options: string; entry: string }>();

function encode(endpoints: readonly Endpoint[], options: string): string {
  const lines = endpoints.map((endpoint) => {
    const pod = endpoint.pod ? `${endpoint.pod.namespace}/${endpoint.pod.name}` : "";
    const { version = "", weight = "", mirrorPercent } = endpoint;
    const share = mirrorPercent === undefined ? weight : `m${mirrorPercent}`;
    return [addressOf(endpoint), version, share, pod].join("\t");
  });
  return [options, ...lines].join("\n");
}
