import { systemPriorityClasses } from "#api/kinds/priority-class";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import { defaultClusterRoleBindings, defaultClusterRoles } from "#api/rbac/default-roles";
import { localPathClass } from "#api/storage/classes";
import type { EndpointSlice, Service } from "#api/schema/types";
import type { Client } from "#client/client";
import { isDeepEqual } from "#api/machinery/field-path";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { cidrAddress } from "#control-plane/apiserver/admission/cidr";
import { invariant } from "#kit/invariant";
import type { Log } from "#kit/log";

/**
 * What every cluster has from the start: the default namespaces, the `kubernetes` Service with the address
 * of this server, the system's priority classes, the storage class of local paths, the default roles of RBAC and
 * who has them, and in each namespace the service account `default` and the config map with the CA.
 * Everything here is idempotent and runs again at each start.
 */
export interface BootstrapOptions {
  readonly client: Client;
  readonly kinds: readonly Kind[];
  readonly caPem: string;
  readonly serviceCidr: string;
  /** Where pods reach this server. */
  readonly address: string;
  readonly port: number;
}

export const DEFAULT_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];
export const ROOT_CA_CONFIG_MAP = "kube-root-ca.crt";

export async function bootstrapCluster(options: BootstrapOptions): Promise<void> {
  const { client, kinds } = options;
  const namespaces = kindNamed(kinds, "Namespace");
  for (const name of DEFAULT_NAMESPACES) {
    await createIfMissing(client, namespaces, typed(namespaces, { name }));
  }
  const list = await client.list(namespaces);
  for (const namespace of list.items) await fillNamespace(options, namespace);
  const classes = kindNamed(kinds, "PriorityClass");
  for (const found of systemPriorityClasses) await createIfMissing(client, classes, found);
  await createIfMissing(client, kindNamed(kinds, "StorageClass"), localPathClass);
  await createRoles(options);
  await publishServer(options);
}

/** All at once: a store writes what comes together in one go. */
async function createRoles({ client, kinds }: BootstrapOptions): Promise<void> {
  const roles = kindNamed(kinds, "ClusterRole");
  const bindings = kindNamed(kinds, "ClusterRoleBinding");
  await Promise.all([
    ...defaultClusterRoles.map((one) => createIfMissing(client, roles, one)),
    ...defaultClusterRoleBindings.map((one) => createIfMissing(client, bindings, one)),
  ]);
}

/** The default objects of a namespace that is not on its way out. */
export async function fillNamespace(
  { client, kinds, caPem }: Pick<BootstrapOptions, "client" | "kinds" | "caPem">,
  namespace: KubeObject,
): Promise<void> {
  if (namespace.metadata.deletionTimestamp) return;
  const accounts = kindNamed(kinds, "ServiceAccount");
  const maps = kindNamed(kinds, "ConfigMap");
  const { name } = namespace.metadata;
  const data = { "ca.crt": caPem };
  const metadata = { name: ROOT_CA_CONFIG_MAP, namespace: name };
  const wanted = { ...typed(maps, metadata), data };
  await Promise.all([
    createIfMissing(client, accounts, typed(accounts, { name: "default", namespace: name })),
    createIfMissing(client, maps, wanted, (found) =>
      isDeepEqual((found as typeof wanted).data, data) ? undefined : { ...found, data },
    ),
  ]);
}

/** Makes the default objects again when someone deletes them, until the answer is called. */
export function keepNamespacesFilled(
  feed: Feed,
  options: Pick<BootstrapOptions, "client" | "kinds" | "caPem">,
  log: Log,
): () => void {
  const namespaces = feed.cacheOf({ group: "", plural: "namespaces" });
  const stops = new Map<string, () => void>();
  const keep = (plural: string, defaultName: string): void => {
    const unsubscribe = feed.cacheOf({ group: "", plural }).subscribe({
      push({ type, current }) {
        const { name, namespace: scope = "" } = current.object.metadata;
        const namespace = namespaces.get(undefined, scope)?.object;
        if (type !== "DELETED" || name !== defaultName || !namespace) return;
        fillNamespace(options, namespace).catch((error: unknown) => {
          log.warn("the default objects of a namespace could not be restored", { error });
        });
      },
      cutOff: () => keep(plural, defaultName),
    });
    stops.set(plural, unsubscribe);
  };
  keep("serviceaccounts", "default");
  keep("configmaps", ROOT_CA_CONFIG_MAP);
  return () => {
    for (const stop of stops.values()) stop();
  };
}

/**
 * The Service `kubernetes`: how pods find the API. Its first endpoint is this server; from then on servers keep the
 * list together (servers/kubernetes-service.ts).
 */
async function publishServer(options: BootstrapOptions): Promise<void> {
  const { client, kinds, serviceCidr, address, port } = options;
  const services = kindNamed(kinds, "Service");
  const labels = { component: "apiserver", provider: "kubernetes" };
  const clusterIP = cidrAddress(serviceCidr, 1);
  const service: Service = {
    ...typed(services, { name: "kubernetes", namespace: "default", labels }),
    spec: {
      type: "ClusterIP",
      clusterIP,
      clusterIPs: [clusterIP],
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
    },
  };
  await createIfMissing(client, services, service, (found) => {
    const { spec } = found as Service;
    const isCurrent = spec?.ports?.[0]?.targetPort === port;
    return isCurrent ? undefined : { ...found, spec: { ...spec, ports: service.spec?.ports } };
  });

  const slices = kindNamed(kinds, "EndpointSlice");
  const slice: EndpointSlice = {
    ...typed(slices, {
      name: "kubernetes",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "kubernetes" },
    }),
    addressType: "IPv4",
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: "https", port, protocol: "TCP" }],
  };
  await createIfMissing(client, slices, slice);
}

/** Of servers that start at the same time each may have to look again once for every other. */
const MAX_LOOKS = 20;

/** `repair` answers what an object that is there must become, or undefined when it is right. */
async function createIfMissing(
  client: Client,
  kind: Kind,
  object: KubeObject,
  repair: (found: KubeObject) => KubeObject | undefined = () => undefined,
): Promise<void> {
  const { name, namespace } = object.metadata;
  for (let look = 1; look <= MAX_LOOKS; look++) {
    const found = await client.get(kind, name, namespace).catch(unless("NotFound"));
    if (!found) {
      // Someone may be faster; and a namespace that began to end meanwhile needs no default objects.
      const moot = ["AlreadyExists", ...(namespace === undefined ? [] : ["NotFound", "Forbidden"])];
      await client.create(kind, object).catch(unless(...moot));
      return;
    }
    const repaired = repair(found);
    if (!repaired) return;
    // Someone may be faster here too: what is there now may be right, or gone.
    if (await client.update(kind, repaired).catch(unless("Conflict", "NotFound"))) return;
  }
  throw new Error(`${kind.kind} ${name} is changed by others all the time: it cannot be put right`);
}

/** Passes over refusals for these reasons; everything else is thrown on. */
function unless(...reasons: string[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof StatusError && reasons.includes(error.reason)) return undefined;
    throw error;
  };
}

function typed(kind: Kind, metadata: KubeObject["metadata"]): KubeObject {
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  return { apiVersion, kind: kind.kind, metadata };
}

function kindNamed(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((one) => one.kind === name);
  invariant(kind, `a cluster needs the kind ${name} to start; it is registered in api/kinds`);
  return kind;
}
