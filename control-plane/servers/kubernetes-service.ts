import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { isDeepEqual } from "#api/machinery/field-path";
import { StatusError } from "#api/machinery/status-error";
import type { EndpointSlice } from "#api/schema/types";
import type { Client } from "#client/client";
import type { LiveServer, ServerDirectory } from "#control-plane/servers/types";
import { type Clock, sleep } from "#kit/clock";
import type { Log } from "#kit/log";

const NAMESPACE = "default";
const SERVICE_LABEL = { "kubernetes.io/service-name": "kubernetes" };
const OUR_NAME = /^kubernetes(-\d+)?$/;
const RETRY_MS = 2_000;

/** Pure: the endpoints of the Service `kubernetes`. A slice has one port: usually there is one slice. */
export function slicesOf(servers: readonly LiveServer[]): EndpointSlice[] {
  const byPort = new Map<number, string[]>();
  for (const { apiAddress } of servers) {
    const at = apiAddress.lastIndexOf(":");
    const port = Number(apiAddress.slice(at + 1));
    byPort.set(port, [...(byPort.get(port) ?? []), apiAddress.slice(0, at)]);
  }
  const ports = [...byPort].sort(([one], [other]) => one - other);
  return ports.map(([port, addresses], index) => ({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: index === 0 ? "kubernetes" : `kubernetes-${port}`,
      namespace: NAMESPACE,
      labels: SERVICE_LABEL,
    },
    addressType: "IPv4",
    endpoints: addresses.sort().map((address) => ({
      addresses: [address],
      conditions: { ready: true },
    })),
    ports: [{ name: "https", port, protocol: "TCP" }],
  }));
}

/** Several servers may do this at once: they want the same. */
export async function publishServers(
  client: Client,
  servers: readonly LiveServer[],
): Promise<void> {
  const wanted = slicesOf(servers);
  const labelSelector = Object.entries(SERVICE_LABEL).map(([key, value]) => `${key}=${value}`)[0];
  const listing = { namespace: NAMESPACE, ...(labelSelector ? { labelSelector } : {}) };
  const { items } = await client.list(endpointSliceKind, listing);
  const found = new Map(items.map((slice) => [slice.metadata.name, slice]));
  for (const slice of wanted) {
    const there = found.get(slice.metadata.name);
    if (!there) await client.create(endpointSliceKind, slice);
    else if (!isSame(there, slice)) {
      const { endpoints, ports } = slice;
      await client.update(endpointSliceKind, { ...there, endpoints, ports });
    }
  }
  const kept = new Set(wanted.map(({ metadata }) => metadata.name));
  for (const name of found.keys()) {
    if (kept.has(name) || !OUR_NAME.test(name)) continue;
    await client.delete(endpointSliceKind, { name, namespace: NAMESPACE });
  }
}

function isSame(one: EndpointSlice, other: EndpointSlice): boolean {
  return isDeepEqual([one.endpoints, one.ports], [other.endpoints, other.ports]);
}

/** Keeps the endpoints as the directory is, until the signal aborts. */
export async function keepServersPublished(options: {
  readonly client: Client;
  readonly servers: ServerDirectory;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { client, servers, clock, log, signal } = options;
  let wake: () => void = () => undefined;
  let isDue = true;
  servers.onChange(() => {
    isDue = true;
    wake();
  });
  signal.addEventListener("abort", () => wake(), { once: true });
  while (!signal.aborted) {
    if (!isDue) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    isDue = false;
    try {
      await publishServers(client, servers.list());
    } catch (error) {
      // Another server was faster, as a rule.
      const isRace = error instanceof StatusError && (error.code === 409 || error.code === 404);
      if (!isRace) log.warn("the endpoints of the API could not be published", { error });
      isDue = true;
      await sleep(clock, RETRY_MS, signal);
    }
  }
}
