import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { createClient } from "#client/api-client";
import { failoverTransport } from "#client/failover";
import { loadKubeconfig } from "#client/kubeconfig";
import { createInformers, withoutManagedFields } from "#client/shared-informers";
import { viewCluster } from "#ingress/cluster-view";
import { IngressController } from "#ingress/controller";
import { Drain } from "#ingress/drain";
import { readFormerCertificates } from "#ingress/former-certificates";
import { tellHistory } from "#ingress/history/teller";
import { severIfLost } from "#ingress/lost-hosts";
import { createIngressMetrics } from "#ingress/metrics/own-metrics";
import { startMetrics } from "#ingress/metrics/server";
import { ACCESS_LOG_FILE } from "#ingress/nginx/access-log";
import { createNginxAdmin } from "#ingress/nginx/admin";
import { type NginxSettings, tenantsFileOf } from "#ingress/nginx/config";
import { NginxKeeper } from "#ingress/nginx/keeper";
import { keepRotated, nginxLogs } from "#ingress/nginx/log-rotation";
import { MODULES_DIR, nginxPid, stopNginx } from "#ingress/nginx/process";
import { Presence } from "#ingress/nodes/presence";
import { certificateOf } from "#ingress/plan/certificates";
import { Publisher } from "#ingress/publisher";
import { Tenants } from "#ingress/tenants/tenants";
import { WakeRequests } from "#ingress/tenants/wake";
import { readTraffic } from "#ingress/traffic/counts";
import { listenForTraffic } from "#ingress/traffic/listener";
import { TrafficReporter } from "#ingress/traffic/reporter";
import { systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { createProcessMetrics } from "#kit/process-metrics";
import { systemRng } from "#kit/rng";

/** The ingress process: composition root of this room. nginx outlives it. */
export interface IngressOptions {
  readonly locations: Locations;
  readonly kubeconfig: string;
  /** "https://10.0.0.2:6443", ...: in place of those that the kubeconfig names. */
  readonly servers?: readonly string[];
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly log: Log;
  /** Distinguishes several ingresses of one cluster. */
  readonly name?: string;
  /** What Ingresses show as the place where they are reached; `address` by default. */
  readonly publishAddress?: string;
  readonly trustedProxies?: readonly string[];
  /** "namespace/name" of the certificate for hosts that bring none. */
  readonly defaultCertificate?: string;
  readonly hasAccessLog?: boolean;
  readonly metricsPort?: number;
}

export function ingressRunDir(locations: Locations): string {
  return join(locations.run, "ingress");
}

export async function startIngress(options: IngressOptions): Promise<{ stop(): Promise<void> }> {
  const settings = settingsOf(options);
  const { runDir } = settings;
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  rmSync(join(runDir, "ready"), { force: true });
  const abort = new AbortController();
  const base = createBase(options, settings, await connect(options), abort.signal);
  const parts = createParts(base);
  const hear = (key: string): void => {
    parts.reporter.notice(key);
    parts.wakeRequests.notice(key);
  };
  await listenForTraffic(join(runDir, "traffic.sock"), hear, abort.signal);
  await base.keeper.start();
  await base.informers.synced();
  const tasks = run(base, parts);
  const metricsServer = await serveMetrics(base);
  return {
    async stop() {
      abort.abort();
      await Promise.all([...tasks, ...parts.drain.active.values()]);
      await metricsServer?.stop();
      await base.publisher.flush();
      await base.informers.stopped();
      const { transport, each } = base.servers;
      await Promise.all([...new Set([transport, ...each])].map((one) => one.close()));
    },
  };
}

type Servers = Awaited<ReturnType<typeof connect>>;

/** `transport` asks whichever server answers; `each` is one transport for each server. */
async function connect({ kubeconfig, servers: named }: IngressOptions) {
  const { rest, servers } = await loadKubeconfig(kubeconfig);
  const connection = {
    ...rest,
    // The server renews the certificate in it.
    reload: async () => (await loadKubeconfig(kubeconfig)).rest,
    userAgent: "kaji-ingress",
  };
  const addresses = named ?? servers;
  const transport = failoverTransport({ ...connection, servers: addresses });
  // One server alone is the one that everything is asked of.
  const isAlone = addresses.length === 1;
  const each = isAlone
    ? [transport]
    : addresses.map((server) => failoverTransport({ ...connection, servers: [server] }));
  return { transport, each };
}

type Base = ReturnType<typeof createBase>;

/** What the parts are made of. */
function createBase(
  options: IngressOptions,
  settings: NginxSettings,
  servers: Servers,
  signal: AbortSignal,
) {
  const { log } = options;
  const client = createClient(servers.transport);
  const kept = { transform: withoutManagedFields };
  const admin = createNginxAdmin(join(settings.runDir, "admin.sock"));
  const metrics = createIngressMetrics();
  return {
    ...{ options, settings, servers, admin, metrics },
    shared: { client, clock: systemClock, rng: systemRng, log, signal },
    informers: createInformers(client, { clock: systemClock, log, signal, ...kept }),
    keeper: new NginxKeeper(settings, admin, log),
    publisher: new Publisher(admin, settings.stateFile, log, metrics.published),
    ingressName: options.name ?? hostname().toLowerCase(),
  };
}

type Parts = ReturnType<typeof createParts>;

function createParts(base: Base) {
  const { options, settings, shared, informers, admin, keeper, ingressName } = base;
  const drain = createDrain(base);
  const reporter = new TrafficReporter({
    ...{ ...shared, ingressName },
    read: (keys, listen) => readTraffic(admin, keeper.workers(), keys, listen),
  });
  const view = viewCluster(informers, options.defaultCertificate, () => {
    controller.notify();
    tenants.reconsiderPlans();
  });
  const nodes = new Presence({
    ...{ ...shared, informers, onChange: () => controller.notify() },
    own: { name: ingressName, address: reachableAddress(options) },
  });
  const tenants = new Tenants({
    ...{ ...shared, informers, admin },
    logFile: tenantsFileOf(settings),
    isCertificate: (key) => {
      const secret = view.secret(key);
      return secret !== undefined && certificateOf(secret).certificate !== undefined;
    },
    onNeedsChanged: () => controller.notify(),
  });
  const controller = new IngressController({
    ...{ ...shared, view, tenants, publisher: base.publisher, drain, nodes },
    formerCertificates: readFormerCertificates(settings.stateFile),
    onPublished: ({ asked }) => {
      reporter.ask(asked);
      sayReady(base, tenants);
    },
  });
  const wakeRequests = new WakeRequests({ ...shared, admin, tenants });
  return { drain, reporter, nodes, tenants, controller, wakeRequests };
}

function createDrain({ shared, keeper, metrics, ingressName }: Base): Drain {
  const { client, log } = shared;
  const drain = new Drain({
    ...{ ...shared, ingressName },
    inFlight: (addresses) => keeper.inFlight(addresses),
    severIfLost: (address, pod) => severIfLost({ client, log }, address, pod),
    onDrained(pod, address, tookMs) {
      metrics.drained(tookMs / 1000);
      log.info("drained", { pod: `${pod.namespace}/${pod.name}`, address, tookMs });
    },
  });
  metrics.readDrains(() => drain.active.size);
  return drain;
}

/** Once everything that the cluster says was published, tenants included. */
function sayReady({ settings, shared }: Base, tenants: Tenants): void {
  const file = join(settings.runDir, "ready");
  if (existsSync(file)) return;
  void tenants.ready.then(() => {
    if (!shared.signal.aborted) writeFileSync(file, String(process.pid));
  });
}

/** Each ends when the signal is given. */
function run(base: Base, parts: Parts): Promise<void>[] {
  const { settings, shared, admin, keeper, publisher, servers } = base;
  const { controller, reporter, tenants, wakeRequests, nodes } = parts;
  return [
    ...[controller, reporter, tenants, wakeRequests, nodes].map((one) => one.run()),
    rotateLogs(settings, shared),
    ...servers.each.map((transport) => tellHistory({ ...shared, admin, transport })),
    keeper.keep(shared.signal, {
      start: () => publisher.whileStarting(() => keeper.start()),
      onStarted() {
        controller.notify();
        tenants.notify();
      },
    }),
  ];
}

async function serveMetrics({ options, admin, metrics }: Base) {
  if (!options.metricsPort) return undefined;
  const own = [createProcessMetrics(), metrics.registry];
  return startMetrics(options.metricsPort, admin, options.log, own);
}

/** Ends nginx and removes what it had at run time. */
export async function cleanUpIngress({ locations }: { locations: Locations }): Promise<void> {
  const runDir = ingressRunDir(locations);
  await stopNginx({ runDir, logDir: locations.log });
  rmSync(runDir, { recursive: true, force: true });
}

function settingsOf(options: IngressOptions): NginxSettings {
  const { locations, address, httpPort, httpsPort, trustedProxies, hasAccessLog } = options;
  return {
    ...(trustedProxies ? { trustedProxies } : {}),
    ...(hasAccessLog ? { hasAccessLog } : {}),
    runDir: ingressRunDir(locations),
    address,
    httpPort,
    httpsPort,
    logDir: locations.log,
    modulesDir: MODULES_DIR,
    luaDir: join(packageRoot(), "ingress/lua"),
    stateFile: join(locations.lib, "ingress/state"),
    workers: availableParallelism(),
  };
}

/** Where Ingresses are reached: of an address that means "every one", the host's first. */
function reachableAddress({ address, publishAddress }: IngressOptions): string {
  if (publishAddress) return publishAddress;
  if (address !== "0.0.0.0" && address !== "::") return address;
  const family = address === "::" ? "IPv6" : "IPv4";
  const known = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = known.find((one) => !one.internal && one.family === family);
  return outside?.address ?? address;
}

function rotateLogs(
  { runDir, logDir, hasAccessLog }: NginxSettings,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const logs = nginxLogs(logDir, hasAccessLog ? ACCESS_LOG_FILE : undefined, () => {
    const master = nginxPid(runDir);
    if (master !== undefined) process.kill(master, "SIGUSR1");
  });
  return keepRotated(logDir, logs, { log, signal });
}
