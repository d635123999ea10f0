import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { eventKind } from "#api/kinds/event";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { serviceKind } from "#api/kinds/service";
import { storageClassKind } from "#api/kinds/storage-class";
import { trafficReportKind } from "#api/kinds/traffic-report";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Explainer, Surrounding, Surroundings } from "#api/why/explainer";
import type { PodUse } from "#api/why/pod-use";
import type { Client } from "#client/client";

/** Reads what an explainer can make use of. `namespace`: undefined for an object of the cluster. */
export async function readSurroundings(
  client: Client,
  { reads }: Pick<Explainer, "reads">,
  namespace: string | undefined,
): Promise<Surroundings> {
  const found = await Promise.all(
    reads.map(async (name) => [name, await unlessRefused(readers[name](client, namespace))]),
  );
  return Object.fromEntries(found) as Surroundings;
}

type Read = (client: Client, namespace: string | undefined) => Promise<unknown>;

const readers: Readonly<Record<Surrounding, Read>> = {
  events: listOf(eventKind),
  pods: listOf(podKind),
  nodes: listOf(nodeKind),
  replicaSets: listOf(replicaSetKind),
  services: listOf(serviceKind),
  endpointSlices: listOf(endpointSliceKind),
  ingressClasses: listOf(ingressClassKind),
  storageClasses: listOf(storageClassKind),
  claims: listOf(persistentVolumeClaimKind),
  podUse: podUse,
  trafficReports: listOf(trafficReportKind),
};

function listOf<T extends KubeObject>(kind: Kind<T>): Read {
  return async (client, namespace) => {
    const isScoped = kind.isNamespaced && namespace !== undefined;
    return (await client.list(kind, isScoped ? { namespace } : {})).items;
  };
}

export async function podUse(
  client: Client,
  namespace: string | undefined,
  labelSelector?: string,
): Promise<readonly PodUse[]> {
  const place = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const query = labelSelector ? `?${new URLSearchParams({ labelSelector }).toString()}` : "";
  const path = `/apis/metrics.k8s.io/v1beta1${place}/pods${query}`;
  return ((await client.raw("GET", path)) as { readonly items: readonly PodUse[] }).items;
}

/** undefined: this user may not read it, or nobody serves it. */
async function unlessRefused<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StatusError && [403, 404, 503].includes(error.code)) return undefined;
    throw error;
  }
}
