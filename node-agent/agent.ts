import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import { errorChain, type Log } from "#kit/log";
import type { Rng } from "#kit/rng";
import { parseResolvConf } from "#node-agent/container/host-files";
import { createEventRecorder } from "#node-agent/events/recorder";
import { createImagePuller } from "#node-agent/images/puller";
import type { PodNetwork } from "#node-agent/network/network";
import { type NodeCredentials, storeCredentials } from "#node-agent/node/credentials";
import { type HostFacts, readHostFacts } from "#node-agent/node/host-facts";
import { createMetricsReporter } from "#node-agent/node/metrics-reporter";
import { startNodeReporter } from "#node-agent/node/node-reporter";
import { allocatableOf, kubeletVersion, nodeObject } from "#node-agent/node/node-status";
import type { NodeContext } from "#node-agent/node-context";
import { createNodeObjects, type MutableNodeObjects } from "#node-agent/objects";
import { createPodSet, type PodSet } from "#node-agent/pods";
import { createRuntimeIndex } from "#node-agent/runtime-index";
import { createNodeSession } from "#node-agent/session/session";
import type { NodeSession, NodeSessionCallbacks, WelcomeData } from "#node-agent/session/types";
import { serveStream } from "#node-agent/streams/serve";
import { makePodDirectories, type PodDirectories } from "#node-agent/volumes/pod-volumes";
import { makeMemoryRoot } from "#node-agent/volumes/memory-root";
import type { Runtime } from "#runtime/runtime";

/**
 * One node's agent over its seams: runtime, network and session come in. Owns the pod set and what pods share.
 * Stopping it stops no container.
 */
export interface AgentOptions {
  readonly locations: Locations;
  readonly nodeName: string;
  readonly runtime: Runtime;
  readonly network: PodNetwork;
  readonly credentials: NodeCredentials;
  /** Host name or address of the control plane; the gateway's port is in the credentials. */
  readonly serverHost: string;
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

export async function runAgent(options: AgentOptions): Promise<Agent> {
  const { clock, log, nodeName, runtime, network, locations } = options;
  const host = readHostFacts();
  const objects = createNodeObjects();
  let session: NodeSession | undefined;
  const context = await createContext(options, host, objects, () => session);
  await context.index.refresh();
  const pods = createPodSet(context, {
    status: (pod, status) => session?.reportPod(pod, status),
    gone: (pod) => session?.podGone(pod),
  });
  const forget = runtime.onEvent((event) => pods.wakeSandbox(event.sandboxId));
  const reporter = await startNodeReporter({
    nodeName,
    host,
    runtime,
    diskPath: locations.lib,
    wasReady: context.index.podUids().length > 0,
    clock,
    log,
    send: (status) => session?.reportNode(status),
  });
  const metrics = createMetricsReporter({
    nodeName,
    runtime,
    clock,
    log,
    send: (node, podMetrics) => session?.stats(node, podMetrics),
  });
  let { credentials } = options;
  session = createNodeSession({
    server: `${options.serverHost}:${credentials.gatewayPort}`,
    tls: () => ({
      ca: credentials.caPem,
      cert: credentials.certificatePem,
      key: credentials.keyPem,
    }),
    hello: () => ({
      nodeName,
      agentVersion: kubeletVersion,
      bootId: host.bootId,
      node: nodeObject(nodeName, host, reporter.current()),
    }),
    clock,
    rng: options.rng,
    log,
    callbacks: {
      ...podCallbacks(context, objects, pods, (reason) => reporter.setNotReady(reason)),
      onCertificate({ certificatePem, caPem }) {
        credentials = { ...credentials, certificatePem, caPem };
        storeCredentials(join(locations.lib, "agent"), credentials).catch((error: unknown) =>
          log.error("the renewed certificate could not be stored", { error }),
        );
      },
      onStatsWanted: (forMs) => metrics.wanted(forMs),
    },
  });
  return {
    async stop() {
      forget();
      metrics.close();
      await Promise.all([reporter.close(), pods.detach()]);
      await session?.close();
      await network.close();
      await runtime.close();
    },
  };
}

async function createContext(
  options: AgentOptions,
  host: HostFacts,
  objects: MutableNodeObjects,
  session: () => NodeSession | undefined,
): Promise<NodeContext> {
  const { clock, log, nodeName, runtime, network, locations } = options;
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
    events,
    images: createImagePuller({ images: runtime.images, objects, events, clock }),
    clock,
    log,
    directories,
    logDirectory,
    seccompDirectory: join(locations.lib, "agent/seccomp"),
    hostIp: host.ip,
    allocatable: allocatableOf(host),
    hostResolver: parseResolvConf(await readFile("/etc/resolv.conf", "utf8").catch(() => "")),
    podPidsLimit,
  };
}

/** What the control plane says, turned into state that the workers look at. */
function podCallbacks(
  context: NodeContext,
  objects: MutableNodeObjects,
  pods: PodSet,
  setNotReady: (reason: string | undefined) => Promise<void>,
): Pick<NodeSessionCallbacks, "onWelcome" | "onDesired" | "onServices" | "onOpenStream"> {
  const { network, log } = context;
  const configure = async (welcome: WelcomeData): Promise<void> => {
    try {
      await network.configure({ nodeName: context.nodeName, ...welcome });
      await setNotReady(undefined);
    } catch (error) {
      log.error("the pod network could not be configured", { error });
      await setNotReady(`container runtime network not ready: ${errorChain(error)}`);
    }
  };
  const report = (what: string) => (error: unknown) => log.error(what, { error });
  return {
    onWelcome(welcome) {
      objects.setCluster(welcome);
      configure(welcome).catch(report("the node's status could not be reported"));
    },
    onDesired(desired) {
      objects.setDesired(desired);
      pods.setDesired(desired);
    },
    onServices(services) {
      objects.setServices(services);
      network.syncServices(services).catch(report("the services could not be applied"));
    },
    onOpenStream: (request, stream) => serveStream(context, request, stream),
  };
}
