import type { Registry } from "prom-client";
import type { KubeObject } from "#api/machinery/meta";
import type { Kind } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { Lease, Pod, Secret } from "#api/schema/types";
import type { Transport } from "#client/transport";
import { createAdmission, type ClusterView } from "#control-plane/apiserver/admission/admission";
import {
  DEFAULT_TOLERATION_SECONDS,
  type TolerationSeconds,
} from "#control-plane/apiserver/admission/default-tolerations";
import { admissionPlugins } from "#control-plane/apiserver/admission/index";
import { createTenantView } from "#control-plane/apiserver/admission/tenant-view";
import { roleEscalation } from "#control-plane/apiserver/admission/role-escalation";
import {
  type Authenticator,
  createAuthenticator,
  type StaticToken,
} from "#control-plane/apiserver/auth/authenticate";
import { type Authorizer, createAuthorizer } from "#control-plane/apiserver/auth/authorize";
import { createRoleRules, noRoles } from "#control-plane/apiserver/auth/rbac/role-rules";
import {
  createFlowControl,
  type FlowControl,
} from "#control-plane/apiserver/flow-control/flow-control";
import { tenantsOfNamespaces } from "#control-plane/apiserver/flow-control/tenants";
import type { JwtKeys } from "#control-plane/apiserver/auth/jwt";
import { createServiceAccountTokens } from "#control-plane/apiserver/auth/service-account-tokens";
import { BOOTSTRAP_NAMESPACE } from "#control-plane/apiserver/auth/bootstrap-tokens";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { type AnswerPeer, noPeers, type Peers } from "#control-plane/apiserver/peers";
import type { RestContext } from "#control-plane/apiserver/rest/context";
import { Turns } from "#control-plane/apiserver/rest/turns";
import type { AdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { createDispatch, type DispatchOptions } from "#control-plane/apiserver/serving/dispatch";
import { createDiscovery } from "#control-plane/apiserver/serving/discovery";
import { groupVersions } from "#control-plane/apiserver/serving/groups";
import { createOpenApiRoutes } from "#control-plane/apiserver/serving/openapi-routes";
import {
  createResourceRoutes,
  type ResourceRoutes,
} from "#control-plane/apiserver/serving/resource-routes";
import { metricsGroups } from "#control-plane/apiserver/serving/custom-metrics";
import { autoscalingV1 } from "#control-plane/apiserver/serving/autoscaling-v1";
import { tenantSearch } from "#control-plane/apiserver/serving/tenant-search";
import {
  metricsResources,
  noCustomResources,
  reviewResources,
} from "#control-plane/apiserver/serving/virtual-resources";
import { TENANTS } from "#api/tenants/names";
import { fencedStore, type HeldLease, raiseFence } from "#control-plane/apiserver/storage/fence";
import { objectKey } from "#control-plane/apiserver/storage/keys";
import { type HistoryHolds, runCompaction } from "#control-plane/apiserver/storage/compaction";
import { Feed } from "#control-plane/apiserver/storage/feed";
import { createSharedLeases } from "#control-plane/apiserver/storage/shared-leases";
import { createStreamRoutes } from "#control-plane/apiserver/streams/routes";
import type { StreamRoutes } from "#control-plane/apiserver/streams/types";
import { createNodeReads } from "#control-plane/apiserver/serving/node-reads";
import { createPodsSummary } from "#control-plane/apiserver/serving/pods-summary";
import type { ResourcePath } from "#control-plane/apiserver/serving/request-path";
import { createClusterMetrics } from "#control-plane/apiserver/observability/cluster-metrics";
import { measuredStore } from "#control-plane/apiserver/observability/measured-store";
import { ObjectTraces } from "#control-plane/apiserver/observability/object-traces";
import type { Observed } from "#control-plane/apiserver/observability/observe-request";
import { createServerMetrics } from "#control-plane/apiserver/observability/server-metrics";
import { SPANS_PATH, tellSpans } from "#control-plane/apiserver/observability/gather-spans";
import { createTraceRoutes } from "#control-plane/apiserver/observability/trace-routes";
import type { History } from "#control-plane/history/history";
import { HISTORY_QUESTION } from "#control-plane/history/whole-history";
import { createHistoryRoutes } from "#control-plane/history/routes";
import type { MetricsSource } from "#control-plane/metrics/source";
import type { Store } from "#control-plane/store/store";
import type { Clock } from "#kit/clock";
import { createProcessMetrics } from "#kit/process-metrics";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/**
 * The API server without its network: `handle` answers one request, whoever carries it. https.ts puts it
 * on a port; loopback clients call it directly and share its frozen objects.
 * Invariant: `handle` trusts `request.user`; only an authenticator or a composition root may set it.
 */
export interface ApiServer {
  readonly handle: Transport;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly streams: StreamRoutes;
  readonly flowControl: FlowControl;
  readonly observed: Observed;
  readonly context: RestContext;
  /** For other servers of the cluster, which have been let in as such. */
  readonly answerPeer: AnswerPeer;
  /**
   * `handle` for whoever holds this lease, as it was last written: writes through it take effect only until the next
   * leader asks for its own. undefined: the lease has been written since.
   */
  handleOfLeader(lease: Lease): Promise<Transport | undefined>;
  /** Resolves when the first list from the store is in. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface ApiServerOptions {
  readonly store: Store;
  readonly kinds: readonly Kind[];
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly jwtKeys: JwtKeys;
  /** host:port that discovery names. */
  readonly advertisedAddress: string;
  readonly serviceCidr: string;
  /** Default: DEFAULT_TOLERATION_SECONDS. */
  readonly defaultTolerationSeconds?: TolerationSeconds;
  readonly nodeStreams?: NodeStreams;
  readonly staticTokens?: readonly StaticToken[];
  readonly afterCreate?: RestContext["afterCreate"];
  /** Of others in this process: /metrics shows them too. */
  readonly registries?: readonly Registry[];
  /** Default: none are kept. */
  readonly traces?: ObjectTraces;
  /** Answers for custom and external metrics; default: those APIs are not served. */
  readonly metricsSource?: MetricsSource | undefined;
  /** Backups and keys, for administrators; default: none. */
  readonly admin?: AdminRoutes;
  /** The other servers of the cluster; default: there are none. */
  readonly peers?: Peers;
  /** What the last hours were; default: nobody keeps them. */
  readonly history?: History;
  /** What compaction must leave. */
  readonly holds?: HistoryHolds;
}

const PODS = { group: "", plural: "pods" };

export function createApiServer(given: ApiServerOptions): ApiServer {
  const traces = given.traces ?? new ObjectTraces({ ratio: 0 });
  const measured = measuredStore(given.store, traces);
  const options = { ...given, traces, store: measured.store };
  const { store, clock, log, admin, holds, history } = options;
  const stopped = new AbortController();
  const parts = createParts(options, measured.registry);
  const { feed } = parts.context;
  let isReady = false;
  let starting: Promise<void> | undefined;
  let compaction: Promise<void> | undefined;

  async function start(): Promise<void> {
    await feed.start();
    const { signal } = stopped;
    compaction = runCompaction({ store, clock, log, signal, ...(holds ? { holds } : {}) });
    isReady = true;
  }

  const serving = {
    ...{ log, isReady: () => isReady, ...(admin ? { admin } : {}) },
    ...(history ? { history: createHistoryRoutes(history, parts.authorizer, clock) } : {}),
  };
  return {
    handle: createDispatch({ ...parts, ...serving }),
    async handleOfLeader(lease) {
      const fence = await raiseFence(store, heldLease(lease));
      if (!fence) return undefined;
      const context = { ...parts.context, store: fencedStore(parts.context.store, fence) };
      return createDispatch({ ...parts, ...serving, resources: parts.resourcesWith(context) });
    },
    authenticator: parts.authenticator,
    authorizer: parts.authorizer,
    streams: parts.streams,
    flowControl: parts.flowControl,
    observed: parts.observed,
    context: parts.context,
    answerPeer(question) {
      const { pathname, searchParams } = new URL(question, "server:/");
      if (pathname === SPANS_PATH) return tellSpans(traces, searchParams);
      if (pathname === HISTORY_QUESTION && history) return history.tellPeer(searchParams);
      throw errors.badRequest(`this server keeps nothing of which ${pathname} asks`);
    },
    ready() {
      starting ??= start();
      return starting;
    },
    async close() {
      isReady = false;
      stopped.abort();
      parts.streams.close();
      await feed.stop();
      await compaction;
    },
  };
}

type Parts = Omit<DispatchOptions, "log" | "isReady" | "admin" | "history"> &
  Pick<ApiServer, "authenticator" | "streams" | "context"> & {
    resourcesWith(context: RestContext): ResourceRoutes;
  };

type Observing = ApiServerOptions & { readonly traces: ObjectTraces };

function createParts(options: Observing, ofStore: Registry): Parts {
  const { kinds, clock, log, nodeStreams = noNodes } = options;
  const context = createContext(options);
  const { feed, authorizer } = context;
  const tokens = createServiceAccountTokens({
    keys: options.jwtKeys,
    clock,
    uidOf: (plural, namespace, name) =>
      feed.cacheOf({ group: "", plural }).get(namespace, name)?.object.metadata.uid,
  });
  const authenticator = createAuthenticator({
    staticTokens: options.staticTokens ?? [],
    serviceAccountTokens: tokens,
    getSecret: (name) => secretNamed(feed, name),
    fresh: () => feed.fresh(),
    clock,
  });
  const streams = createStreamRoutes({
    nodeStreams,
    getPod: (namespace, name) => getPod(feed, namespace, name),
    authorize: (user, access) =>
      authorizer.authorize(user, { group: "", resource: "pods", ...access }),
    log,
    clock,
  });
  const virtual = [
    ...reviewResources(authorizer, authenticator, tokens),
    ...metricsResources(nodeStreams),
    noCustomResources,
    autoscalingV1(context),
    ...(feed.serves(TENANTS) ? [tenantSearch(feed)] : []),
  ];
  const { metricsSource } = options;
  const dynamic = metricsSource ? metricsGroups(metricsSource, feed) : [];
  const logs = streams.logs.bind(streams);
  const resourcesWith = (used: RestContext): ResourceRoutes =>
    createResourceRoutes({ authorizer, context: used, kinds, virtual, dynamic, tokens, logs });
  const resources = resourcesWith(context);
  const groups = groupVersions(kinds, virtual, dynamic);
  const discovery = createDiscovery(groups, options.advertisedAddress, dynamic);
  const openapi = createOpenApiRoutes(kinds);
  const flowControl = createFlowControl(clock, tenantsOfNamespaces(feed));
  const observing = observingParts(options, context);
  const { metrics } = observing.observed;
  const others = [metrics.registry, flowControl.registry, ofStore, ...(options.registries ?? [])];
  return {
    context,
    authorizer,
    authenticator,
    streams,
    resources,
    resourcesWith,
    discovery,
    openapi,
    registries: [createProcessMetrics(), createClusterMetrics(feed), ...others],
    ...observing,
    ...(feed.serves(PODS)
      ? { podsSummary: createPodsSummary({ authorizer, clock, cache: feed.cacheOf(PODS) }) }
      : {}),
    flowControl,
  };
}

function observingParts(options: Observing, context: RestContext) {
  const { traces, nodeStreams = noNodes, peers = noPeers, clock } = options;
  const { feed, authorizer } = context;
  const metrics = createServerMetrics(() => feed.caches.values());
  const nodeReads = createNodeReads(nodeStreams, authorizer, clock);
  const find = ({ group, plural, namespace, name = "" }: ResourcePath): KubeObject | undefined =>
    feed.serves({ group, plural })
      ? feed.cacheOf({ group, plural }).get(namespace, name)?.object
      : undefined;
  const traceRoutes = createTraceRoutes({
    ...{ traces, peers },
    nodeOf(pod) {
      const [namespace, name = ""] = pod.split("/");
      const path = { group: "", version: "v1", plural: "pods" };
      const found = find({ ...path, ...(namespace ? { namespace } : {}), name });
      return (found as Pod | undefined)?.spec.nodeName;
    },
    read: (nodeName, path) => nodeReads.read(nodeName, path),
  });
  return { observed: { metrics, traces, find }, nodeReads, traceRoutes };
}

function createContext(options: ApiServerOptions): RestContext {
  const { store, kinds, clock, rng, log } = options;
  const feed = new Feed({ store, kinds, clock, rng, log });
  const roles = feed.serves(ROLE_BINDINGS) ? createRoleRules(feed) : noRoles;
  const authorizer = createAuthorizer(roles, () => feed.fresh());
  const plugins = [...admissionPlugins, roleEscalation(authorizer, roles)];
  return {
    store,
    feed,
    leases: createSharedLeases(store, clock),
    quotaTurns: new Turns(),
    authorizer,
    admission: createAdmission(plugins, clusterView(feed, options)),
    clock,
    rng,
    log,
    afterCreate: options.afterCreate ?? (() => Promise.resolve()),
  };
}

function heldLease({ metadata }: Lease): HeldLease {
  const { name, namespace, resourceVersion } = metadata;
  const key = objectKey(LEASES, namespace, name);
  return { name, key, modRevision: Number(resourceVersion) };
}

function clusterView(feed: Feed, options: ApiServerOptions): ClusterView {
  const { rng, serviceCidr, defaultTolerationSeconds } = options;
  return {
    get: (resource, namespace, name) => feed.cacheOf(resource).get(namespace, name)?.object,
    list: (resource, namespace) => feed.cacheOf(resource).range(namespace),
    has: (resource) => feed.serves(resource),
    tenants: createTenantView(feed),
    rng,
    serviceCidr,
    tolerationSeconds: defaultTolerationSeconds ?? DEFAULT_TOLERATION_SECONDS,
  };
}

function secretNamed(feed: Feed, name: string): Secret | undefined {
  const secrets = feed.cacheOf({ group: "", plural: "secrets" });
  return secrets.get(BOOTSTRAP_NAMESPACE, name)?.object as Secret | undefined;
}

async function getPod(feed: Feed, namespace: string, name: string): Promise<Pod> {
  await feed.fresh();
  const pods = { group: "", plural: "pods" };
  const stored = feed.cacheOf(pods).get(namespace, name);
  if (!stored) throw errors.notFound(pods, name);
  return stored.object as Pod;
}

const ROLE_BINDINGS = { group: "rbac.authorization.k8s.io", plural: "rolebindings" };
const LEASES = { group: "coordination.k8s.io", plural: "leases", isNamespaced: true };

/** For a server without a node gateway, as in tests of the API alone. */
const noNodes: NodeStreams = {
  open: (nodeName) =>
    Promise.reject(errors.unavailable(`node ${nodeName} is not connected to the control plane`)),
  podMetrics: () => [],
  nodeMetrics: () => [],
};
