import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import { parseResolvConf } from "#node-agent/container/host-files";
import { createEventRecorder } from "#node-agent/events/recorder";
import { createNodeImages } from "#node-agent/images/node-images";
import { createImageServer } from "#node-agent/images/serve-image";
import { createImagePuller } from "#node-agent/images/puller";
import type { PodNetwork } from "#node-agent/network/network";
import { networkCallbacks } from "#node-agent/network/session-callbacks";
import { type NodeCredentials, storeCredentials } from "#node-agent/node/credentials";
import type { HostFacts } from "#node-agent/node/host-facts";
import { openHost } from "#node-agent/node/node-address";
import { createMetricsReporter } from "#node-agent/node/metrics-reporter";
import { startNodeReporter } from "#node-agent/node/node-reporter";
import { allocatableOf } from "#node-agent/node/capacity";
import { defaultNodeConfig, type NodeConfig } from "#node-agent/node/node-config";
import { createNodeHealth } from "#node-agent/node/node-health";
import { kubeletVersion, nodeObject } from "#node-agent/node/node-status";
import type { NodeContext } from "#node-agent/node-context";
import { createNodeRecord, type NodeRecord } from "#node-agent/observability/node-record";
import { observedRuntime } from "#node-agent/observability/observed-runtime";
import { createNodeObjects, type MutableNodeObjects } from "#node-agent/objects";
import { createPodSet, type PodSet } from "#node-agent/pods";
import { createAllocations } from "#node-agent/resize/allocations";
import { countsOf, createRuntimeIndex } from "#node-agent/runtime-index";
import { createCertificateRenewal } from "#node-agent/node/certificate-renewal";
import { readKnownGateways, writeKnownGateways } from "#node-agent/node/known-gateways";
import { Gateways } from "#node-agent/session/gateways";
import { createNodeSession } from "#node-agent/session/session";
import type { NodeSession, NodeSessionCallbacks } from "#node-agent/session/types";
import { serveStream } from "#node-agent/streams/serve";
import { makePodDirectories, type PodDirectories } from "#node-agent/volumes/pod-volumes";
import { createVolumeRemover, type VolumeRemover } from "#node-agent/volumes/volume-remover";
import { openRangeBook } from "#node-agent/users/range-book";
import { makeMemoryRoot } from "#node-agent/volumes/memory-root";
import type { Runtime } from "#runtime/runtime";

/**
 * One node's agent over its seams: runtime, network and session come in. Owns the pod set and what pods share.
 * Stopping it stops no container.
 */
export interface AgentOptions {
  readonly locations: Locations;
  readonly nodeName: string;
  /** What other machines reach this one by, as it is now; undefined: it cannot be said. */
  findNodeIp(): Promise<string | undefined>;
  readonly runtime: Runtime;
  readonly network: PodNetwork;
  /** Default: defaultNodeConfig. */
  readonly config?: NodeConfig;
  readonly credentials: NodeCredentials;
  /** Host names or addresses of the control plane; the gateway's port is in the credentials. */
  readonly serverHosts: readonly string[];
  /** Default: one of its own. */
  readonly record?: NodeRecord;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
}

export interface Agent {
  stop(): Promise<void>;
}

const podPidsLimit = 4_096;

export function podDirectoriesOf(locations: Locations): PodDirectories {
  return { disk: join(locations.lib, "agent/pods"), memory: join(locations.run, "agent/pods") };
}

/** Where local-path volumes are; what the Node says of it is what their objects are made of. */
export function volumesPathOf(locations: Locations): string {
  return join(locations.lib, "volumes");
}

export async function runAgent(given: AgentOptions): Promise<Agent> {
  const { record = createNodeRecord() } = given;
  const runtime = observedRuntime(given.runtime, record.metrics);
  const options = { ...given, record, runtime };
  const { clock, log, nodeName, network, locations } = options;
  const { facts: host, refresh } = await openHost(options.findNodeIp);
  const { config = defaultNodeConfig } = options;
  const objects = createNodeObjects();
  let session: NodeSession | undefined;
  const context = await createContext(options, host, objects, () => session);
  await context.index.refresh();
  const health = createNodeHealth({ context, host, locations, config });
  const pods = createPodSet(context, {
    refusal: (pod) => health.refusal(pod),
    status: (pod, status) => session?.reportPod(pod, status),
    gone: (pod) => session?.podGone(pod),
  });
  const remover = createVolumeRemover({
    nodeName,
    root: volumesPathOf(locations),
    podsDirectory: context.directories.disk,
    clock,
    log,
    removed: (name, uid) => session?.volumeRemoved(name, uid),
  });
  const forget = runtime.onEvent((event) => pods.wakeSandbox(event.sandboxId));
  const reporter = await startNodeReporter({
    nodeName,
    host,
    runtime,
    diskPath: locations.lib,
    config,
    pressure: () => health.pressure(),
    wasReady: context.index.podUids().length > 0,
    clock,
    log,
    send: (status) => session?.reportNode(status),
    say(reason) {
      const message = `Node ${nodeName} status is now: ${reason}`;
      context.events.node({ type: "Normal", reason, message });
    },
  });
  const metrics = createMetricsReporter({
    nodeName,
    runtime,
    clock,
    log,
    send: (node, podMetrics) => session?.stats(node, podMetrics),
  });
  const directory = join(locations.lib, "agent");
  const renewal = createCertificateRenewal({
    credentials: options.credentials,
    store: (credentials) => storeCredentials(directory, credentials),
    request: (csrPem) => session?.requestCertificate(csrPem),
    clock,
    rng: options.rng,
    log,
  });
  const abort = new AbortController();
  const ofNetwork = networkCallbacks({
    ...{ context, rng: options.rng, refresh, signal: abort.signal },
    setNotReady: (reason) => reporter.setNotReady(reason),
  });
  const callbacks = podCallbacks(context, objects, { pods, remover }, ofNetwork);
  // Before the first pods come: a node under pressure or about to go refuses them.
  await health.start({ pods, reporter });
  session = createNodeSession({
    gateways: gatewaysOf(options, directory),
    tls() {
      const { caPem, certificatePem, keyPem } = renewal.current();
      return { ca: caPem, cert: certificatePem, key: keyPem };
    },
    hello: () => ({
      nodeName,
      agentVersion: kubeletVersion,
      bootId: host.bootId,
      node: nodeObject({
        ...config,
        nodeName,
        host,
        status: reporter.current(),
        volumesPath: volumesPathOf(locations),
      }),
    }),
    clock,
    rng: options.rng,
    log,
    callbacks: {
      ...callbacks,
      onWelcome(welcome) {
        callbacks.onWelcome(welcome);
        renewal.connected();
      },
      onImageStream: createImageServer(runtime.images),
      onRead: (path, stream) => record.serve(path, stream),
      onCertificate: ({ certificatePem, caPem }) => renewal.received(certificatePem, caPem),
      onStatsWanted: (forMs) => metrics.wanted(forMs),
    },
  });
  record.metrics.read({
    nodeName,
    desiredPods: () => pods.count(),
    ...countsOf(context.index),
    isConnected: () => session?.isConnected() ?? false,
    certificate: () => renewal.current().certificatePem,
  });
  return {
    async stop() {
      abort.abort();
      forget();
      await health.close();
      metrics.close();
      renewal.close();
      await Promise.all([reporter.close(), pods.detach(), remover.close()]);
      await session?.close();
      await network.close();
      await runtime.close();
    },
  };
}

/** Those that a server named last, and where this node was sent. */
function gatewaysOf({ credentials, log, rng, serverHosts }: AgentOptions, directory: string) {
  return new Gateways({
    configured: serverHosts.map((host) => `${host}:${credentials.gatewayPort}`),
    remembered: readKnownGateways(directory, log),
    remember: (gateways) => writeKnownGateways(directory, gateways, log),
    rng,
  });
}

async function createContext(
  options: AgentOptions & Pick<NodeContext, "record">,
  host: HostFacts,
  objects: MutableNodeObjects,
  session: () => NodeSession | undefined,
): Promise<NodeContext> {
  const { clock, log, nodeName, runtime, network, locations } = options;
  const { config = defaultNodeConfig } = options;
  const directories = podDirectoriesOf(locations);
  await makeMemoryRoot(directories.memory);
  const logDirectory = join(locations.log, "pods");
  await makePodDirectories(directories, logDirectory);
  const send = (event: Parameters<NodeSession["reportEvent"]>[0]) => session()?.reportEvent(event);
  const events = createEventRecorder({ clock, nodeName, send });
  return {
    nodeName,
    runtime,
    index: createRuntimeIndex(runtime),
    network,
    objects,
    users: openRangeBook({ owner: locations.run, rng: options.rng }),
    events,
    images: createImagePuller({
      images: runtime.images,
      nodeImages: createNodeImages({
        images: runtime.images,
        fetch: async (request) => session()?.fetchImage(request),
      }),
      objects,
      events,
      clock,
      pulled: options.record.metrics.imagePulled,
    }),
    record: options.record,
    allocations: createAllocations(allocatableOf(host, config)),
    clock,
    log,
    directories,
    logDirectory,
    seccompDirectory: join(locations.lib, "agent/seccomp"),
    get hostIp() {
      return host.ip;
    },
    allocatable: allocatableOf(host, config),
    hostResolver: parseResolvConf(await readFile("/etc/resolv.conf", "utf8").catch(() => "")),
    podPidsLimit,
  };
}

/** What the control plane says, turned into state that the workers look at. */
function podCallbacks(
  context: NodeContext,
  objects: MutableNodeObjects,
  { pods, remover }: { readonly pods: PodSet; readonly remover: VolumeRemover },
  network: ReturnType<typeof networkCallbacks>,
): ReturnType<typeof networkCallbacks> & Pick<NodeSessionCallbacks, "onDesired" | "onOpenStream"> {
  return {
    ...network,
    onWelcome(welcome) {
      objects.setCluster(welcome);
      network.onWelcome(welcome);
    },
    onServices(services) {
      objects.setServices(services);
      network.onServices(services);
    },
    onDesired(desired) {
      objects.setDesired(desired);
      pods.setDesired(desired);
      remover.setDesired(desired);
    },
    onOpenStream: (request, stream) => serveStream(context, request, stream),
  };
}
