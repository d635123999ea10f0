import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { createClient } from "#client/api-client";
import { failoverTransport } from "#client/failover";
import { loadKubeconfig } from "#client/kubeconfig";
import { createInformers, type Informers, withoutManagedFields } from "#client/shared-informers";
import { IngressController } from "#ingress/controller";
import { Drain } from "#ingress/drain";
import { tellHistory } from "#ingress/history/teller";
import { severIfLost } from "#ingress/lost-hosts";
import { readFormerCertificates } from "#ingress/former-certificates";
import { createIngressMetrics } from "#ingress/metrics/own-metrics";
import { startMetrics } from "#ingress/metrics/server";
import { ACCESS_LOG_FILE } from "#ingress/nginx/access-log";
import { keepRotated, nginxLogs } from "#ingress/nginx/log-rotation";
import { Presence } from "#ingress/nodes/presence";
import { createNginxAdmin, type NginxAdmin } from "#ingress/nginx/admin";
import { type NginxSettings, tenantsFileOf } from "#ingress/nginx/config";
import {
  ensureNginx,
  MODULES_DIR,
  nginxPid,
  stopNginx,
  workerPids,
  workersByLog,
} from "#ingress/nginx/process";
import { passwordSecrets } from "#ingress/password-secrets";
import { certificateOf } from "#ingress/plan/certificates";
import type { ClusterView } from "#ingress/plan/plan";
import { Publisher } from "#ingress/publisher";
import { Tenants } from "#ingress/tenants/tenants";
import { WakeRequests } from "#ingress/tenants/wake";
import { readTraffic } from "#ingress/traffic/counts";
import { listenForTraffic } from "#ingress/traffic/listener";
import { TrafficReporter } from "#ingress/traffic/reporter";
import { concernsIngress } from "#ingress/traffic/watch";
import { sleep, systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import { errorChain, type Log } from "#kit/log";
import { createProcessMetrics } from "#kit/process-metrics";
import { packageRoot } from "#kit/package-root";
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

const SLICE_SERVICE_LABEL = "kubernetes.io/service-name";
const NGINX_RETRY_MS = 1_000;
/** A master that was killed is noticed by nobody: its workers serve on. */
const MASTER_CHECK_MS = 10_000;

export function ingressRunDir(locations: Locations): string {
  return join(locations.run, "ingress");
}

export async function startIngress(options: IngressOptions): Promise<{ stop(): Promise<void> }> {
  const { locations, log } = options;
  const runDir = ingressRunDir(locations);
  const settings = settingsOf(options, runDir);
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  rmSync(join(runDir, "ready"), { force: true });
  const abort = new AbortController();
  const { signal } = abort;
  const { rest, servers } = await loadKubeconfig(options.kubeconfig);
  const connection = {
    ...rest,
    // The server renews the certificate in it.
    reload: async () => (await loadKubeconfig(options.kubeconfig)).rest,
    userAgent: "kaji-ingress",
  };
  const addresses = options.servers ?? servers;
  const transport = failoverTransport({ ...connection, servers: addresses });
  const client = createClient(transport);
  const kept = { transform: withoutManagedFields };
  const informers = createInformers(client, { clock: systemClock, log, signal, ...kept });
  const admin = createNginxAdmin(join(runDir, "admin.sock"));
  const shared = { client, clock: systemClock, rng: systemRng, log, signal };
  const retiring: Retiring = { pids: [] };
  const metrics = createIngressMetrics();
  const ingressName = options.name ?? hostname().toLowerCase();
  const drain = new Drain({
    ...shared,
    ingressName,
    inFlight: (addresses) => inFlight(admin, settings, retiring, addresses),
    severIfLost: (address, pod) => severIfLost({ client, log }, address, pod),
    onDrained(pod, address, tookMs) {
      metrics.drained(tookMs / 1000);
      log.info("drained", { pod: `${pod.namespace}/${pod.name}`, address, tookMs });
    },
  });
  metrics.readDrains(() => drain.active.size);
  const publisher = new Publisher(admin, settings.stateFile, log, metrics.published);
  const reporter = new TrafficReporter({
    ...{ ...shared, ingressName },
    read: (keys, listen) => readTraffic(admin, workersOf(settings), keys, listen),
  });
  const view = viewOf(informers, options.defaultCertificate, () => {
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
  const wakeRequests = new WakeRequests({ ...shared, admin, tenants });
  const controller = new IngressController({
    ...shared,
    view,
    tenants,
    publisher,
    drain,
    nodes,
    formerCertificates: readFormerCertificates(settings.stateFile),
    onPublished: ({ asked }) => {
      reporter.ask(asked);
      if (existsSync(join(runDir, "ready"))) return;
      void tenants.ready.then(() => {
        if (!signal.aborted) writeFileSync(join(runDir, "ready"), String(process.pid));
      });
    },
  });
  const hear = (key: string): void => {
    reporter.notice(key);
    wakeRequests.notice(key);
  };
  await listenForTraffic(join(runDir, "traffic.sock"), hear, signal);
  retiring.pids = await ensureNginx(settings, log);
  await informers.synced();
  const keeping = { settings, admin, publisher, controller, tenants, retiring, log, signal };
  const running = [controller.run(), reporter.run(), tenants.run(), wakeRequests.run()];
  running.push(nodes.run(), rotateLogs(settings, { log, signal }));
  const tellers = addresses.map((server) =>
    // One server alone is the one that everything is asked of.
    addresses.length === 1 ? transport : failoverTransport({ ...connection, servers: [server] }),
  );
  running.push(...tellers.map((one) => tellHistory({ ...shared, admin, transport: one })));
  const own = [createProcessMetrics(), metrics.registry];
  const { metricsPort } = options;
  const metricsServer = metricsPort && (await startMetrics(metricsPort, admin, log, own));
  const tasks = [...running, keepNginx(keeping)];
  return {
    async stop() {
      abort.abort();
      await Promise.all([...tasks, ...drain.active.values()]);
      if (metricsServer) await metricsServer.stop();
      await publisher.flush();
      await informers.stopped();
      await Promise.all([...new Set([transport, ...tellers])].map((one) => one.close()));
    },
  };
}

/** Ends nginx and removes what it had at run time. */
export async function cleanUpIngress({ locations }: { locations: Locations }): Promise<void> {
  const runDir = ingressRunDir(locations);
  await stopNginx({ runDir, logDir: locations.log });
  rmSync(runDir, { recursive: true, force: true });
}

function settingsOf(options: IngressOptions, runDir: string): NginxSettings {
  const { locations, address, httpPort, httpsPort, trustedProxies, hasAccessLog } = options;
  return {
    ...(trustedProxies ? { trustedProxies } : {}),
    ...(hasAccessLog ? { hasAccessLog } : {}),
    runDir,
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
  options: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const logs = nginxLogs(logDir, hasAccessLog ? ACCESS_LOG_FILE : undefined, () => {
    const master = nginxPid(runDir);
    if (master !== undefined) process.kill(master, "SIGUSR1");
  });
  return keepRotated(logDir, logs, options);
}

/** The cluster as the planner reads it; every change of it calls back. */
function viewOf(
  informers: Informers,
  defaultCertificate: string | undefined,
  onChange: () => void,
): ClusterView {
  const ingresses = informers.for(ingressKind);
  const classes = informers.for(ingressClassKind);
  const services = informers.for(serviceKind);
  const slices = informers.for(endpointSliceKind);
  const secrets = informers.for(secretKind, { fieldSelector: "type=kubernetes.io/tls" });
  const autoscalers = informers.for(requestAutoscalerKind);
  autoscalers.addIndex("service", ({ metadata, spec }) => [
    `${metadata.namespace}/${spec.service}`,
  ]);
  slices.addIndex("service", ({ metadata }) => [
    `${metadata.namespace}/${metadata.labels?.[SLICE_SERVICE_LABEL]}`,
  ]);
  for (const informer of [ingresses, classes, services, slices, secrets])
    informer.onChange(onChange);
  autoscalers.onChange(({ previous, current }) => {
    if (concernsIngress(previous, current)) onChange();
  });
  return {
    get ingresses() {
      return ingresses.list();
    },
    get classes() {
      return classes.list();
    },
    service: (key) => services.get(key),
    secret: (key) => secrets.get(key),
    passwordSecret: passwordSecrets(informers, onChange),
    ...(defaultCertificate === undefined ? {} : { defaultCertificate }),
    autoscaler: (key) => autoscalers.byIndex("service", key)[0],
    slices: (key) => slices.byIndex("service", key),
  };
}

/** Workers of a killed master: what they hold is counted where nobody can read it any more. */
interface Retiring {
  pids: readonly number[];
}

function workersOf({ runDir, logDir }: Pick<NginxSettings, "runDir" | "logDir">): number[] {
  const master = nginxPid(runDir);
  return master === undefined ? workersByLog(logDir) : workerPids(master);
}

/** Per address, over every worker. While a worker of a killed master holds requests, each address may be theirs. */
async function inFlight(
  admin: NginxAdmin,
  { runDir, logDir }: NginxSettings,
  retiring: Retiring,
  addresses: readonly string[],
): Promise<readonly number[]> {
  retiring.pids = retiring.pids.filter((pid) => existsSync(`/proc/${pid}`));
  if (retiring.pids.length > 0) return addresses.map(() => retiring.pids.length);
  const workers = workersOf({ runDir, logDir });
  if (workers.length === 0) return addresses.map(() => 0);
  const counts = await admin.counters(
    addresses.flatMap((address) => workers.map((pid) => `${address}|${pid}`)),
  );
  return addresses.map((_, i) =>
    counts
      .slice(i * workers.length, (i + 1) * workers.length)
      .reduce((sum, count) => sum + Math.max(0, count), 0),
  );
}

/** Starts nginx again when it ends. */
async function keepNginx(keeping: {
  readonly settings: NginxSettings;
  readonly admin: NginxAdmin;
  readonly publisher: Publisher;
  readonly controller: IngressController;
  readonly tenants: Tenants;
  readonly retiring: Retiring;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { settings, admin, publisher, controller, tenants, retiring, log, signal } = keeping;
  while (!signal.aborted) {
    await untilNginxBreaks(admin, settings.runDir, signal);
    if (signal.aborted) return;
    try {
      // Until it is known who retires, any of them may hold a request.
      if (nginxPid(settings.runDir) === undefined) retiring.pids = workersByLog(settings.logDir);
      retiring.pids = await publisher.whileStarting(() => ensureNginx(settings, log));
    } catch (error) {
      log.error("nginx is down and could not be started", { error: errorChain(error) });
    }
    controller.notify();
    tenants.notify();
    await sleep(systemClock, NGINX_RETRY_MS, signal);
  }
}

/** A worker that ends is seen at once: a connection to it stays open and then closes. A master is looked for. */
async function untilNginxBreaks(
  admin: NginxAdmin,
  runDir: string,
  signal: AbortSignal,
): Promise<void> {
  const look = new AbortController();
  const stopLooking = (): void => look.abort();
  signal.addEventListener("abort", stopLooking, { once: true });
  const watchMaster = async (): Promise<void> => {
    while (!look.signal.aborted) {
      await sleep(systemClock, MASTER_CHECK_MS, look.signal);
      if (nginxPid(runDir) === undefined) look.abort();
    }
  };
  await Promise.all([admin.untilGone(look.signal).finally(stopLooking), watchMaster()]);
  signal.removeEventListener("abort", stopLooking);
}
