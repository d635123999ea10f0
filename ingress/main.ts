import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { createClient } from "#client/api-client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { createInformers, type Informers } from "#client/shared-informers";
import { IngressController } from "#ingress/controller";
import { Drain } from "#ingress/drain";
import { createNginxAdmin, type NginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, MODULES_DIR, nginxPid, stopNginx, workerPids } from "#ingress/nginx/process";
import type { ClusterView } from "#ingress/plan/plan";
import { Publisher } from "#ingress/publisher";
import { sleep, systemClock } from "#kit/clock";
import type { Locations } from "#kit/locations";
import { errorChain, type Log } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import { systemRng } from "#kit/rng";

/** The ingress process: composition root of this room. nginx outlives it. */
export interface IngressOptions {
  readonly locations: Locations;
  readonly kubeconfig: string;
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly log: Log;
  /** Distinguishes several ingresses of one cluster. */
  readonly name?: string;
}

const SLICE_SERVICE_LABEL = "kubernetes.io/service-name";
const NGINX_RETRY_MS = 1_000;

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
  const transport = restTransport({
    ...(await loadKubeconfig(options.kubeconfig)).rest,
    userAgent: "kaji-ingress",
  });
  const client = createClient(transport);
  const informers = createInformers(client, { clock: systemClock, log, signal });
  const admin = createNginxAdmin(join(runDir, "admin.sock"));
  const shared = { client, clock: systemClock, rng: systemRng, log, signal };
  const drain = new Drain({
    ...shared,
    ingressName: options.name ?? hostname().toLowerCase(),
    inFlight: (addresses) => inFlight(admin, runDir, addresses),
    onDrained: (pod, address, tookMs) =>
      log.info("drained", { pod: `${pod.namespace}/${pod.name}`, address, tookMs }),
  });
  const publisher = new Publisher(admin, settings.stateFile, log);
  const view = viewOf(informers, () => controller.notify());
  const controller = new IngressController({
    ...shared,
    view,
    publisher,
    drain,
    address: options.address,
    onPublished: () => {
      if (!existsSync(join(runDir, "ready"))) writeFileSync(join(runDir, "ready"), "");
    },
  });
  await ensureNginx(settings, log);
  await informers.synced();
  const tasks = [controller.run(), keepNginx(settings, admin, controller, log, signal)];
  return {
    async stop() {
      abort.abort();
      await Promise.all([...tasks, ...drain.active.values()]);
      await publisher.flush();
      await informers.stopped();
      await transport.close();
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
  const { locations, address, httpPort, httpsPort } = options;
  return {
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

/** The cluster as the planner reads it; every change of it calls back. */
function viewOf(informers: Informers, onChange: () => void): ClusterView {
  const ingresses = informers.for(ingressKind);
  const classes = informers.for(ingressClassKind);
  const services = informers.for(serviceKind);
  const slices = informers.for(endpointSliceKind);
  const secrets = informers.for(secretKind, { fieldSelector: "type=kubernetes.io/tls" });
  slices.addIndex("service", ({ metadata }) => [
    `${metadata.namespace}/${metadata.labels?.[SLICE_SERVICE_LABEL]}`,
  ]);
  for (const informer of [ingresses, classes, services, slices, secrets])
    informer.onChange(onChange);
  return {
    get ingresses() {
      return ingresses.list();
    },
    get classes() {
      return classes.list();
    },
    service: (key) => services.get(key),
    secret: (key) => secrets.get(key),
    slices: (key) => slices.byIndex("service", key),
  };
}

async function inFlight(
  admin: NginxAdmin,
  runDir: string,
  addresses: readonly string[],
): Promise<readonly number[]> {
  const master = nginxPid(runDir);
  if (master === undefined) return addresses.map(() => 0);
  const workers = workerPids(master);
  const counts = await admin.counters(
    addresses.flatMap((address) => workers.map((pid) => `${address}|${pid}`)),
  );
  return addresses.map((_, i) =>
    counts
      .slice(i * workers.length, (i + 1) * workers.length)
      .reduce((sum, count) => sum + Math.max(0, count), 0),
  );
}

/** Starts nginx again when it ends. Waiting costs nothing: a connection to it stays open and then closes. */
async function keepNginx(
  settings: NginxSettings,
  admin: NginxAdmin,
  controller: IngressController,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await admin.untilGone(signal);
    if (signal.aborted) return;
    try {
      await ensureNginx(settings, log);
    } catch (error) {
      log.error("nginx is down and could not be started", { error: errorChain(error) });
    }
    controller.notify();
    await sleep(systemClock, NGINX_RETRY_MS, signal);
  }
}
