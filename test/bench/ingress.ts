import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNginxAdmin } from "#ingress/nginx/admin";
import type { NginxSettings } from "#ingress/nginx/config";
import { ensureNginx, MODULES_DIR, nginxPid, stopNginx } from "#ingress/nginx/process";
import { type Entries, entriesOf } from "#ingress/plan/entries";
import { planIngress } from "#ingress/plan/plan";
import { Publisher } from "#ingress/publisher";
import { silentLog } from "#kit/log";
import { packageRoot } from "#kit/package-root";
import {
  type ByHand,
  type Figures,
  measure,
  podsConfig,
  startPlainNginx,
  staticConfig,
  workersCpuMs,
} from "#test/bench/ingress-floor";
import { row, summarize } from "#test/bench/statistics";
import { findProgram, freePorts } from "#test/support/host";
import {
  annotated,
  clusterView,
  hostTo,
  ingressOf,
  pathTo,
  readyEndpoint,
  sliceOf,
} from "#test/support/ingress-objects";

/**
 * Our nginx against one that is written by hand for one host, in turns in one run: requests per second and how long
 * they take. Then how long a change of endpoints takes until every worker answers with it.
 */
const ROUNDS = 5;
const ROUND_SECONDS = 2;
const CONNECTIONS = 32;
const CHANGES = 200;
/** The kernel shares connections out among workers: of sixteen each worker has some. */
const PROBES = 16;

function entriesFor(pods: readonly number[], annotations: Record<string, string> = {}): Entries {
  const spec = hostTo("shop.example", [pathTo("web")]);
  return entriesOf(
    planIngress(
      clusterView({
        ingresses: [ingressOf("shop", spec, annotated(annotations))],
        slices: pods.map((port) =>
          sliceOf("web", port, [readyEndpoint("127.0.0.1", `web-${port}`)]),
        ),
      }),
    ),
  );
}

/** The same wish to both: by annotations, and as somebody would write it into a file. */
interface Case {
  readonly name: string;
  readonly annotations: Record<string, string>;
  readonly byHand: ByHand;
}

const SESSION_COOKIE = 'add_header Set-Cookie "INGRESSCOOKIE=$session; Path=/; HttpOnly";';

const cases: readonly Case[] = [
  { name: "plain", annotations: {}, byHand: {} },
  {
    name: "allow list, rate limit, timeouts",
    annotations: {
      ...{ "whitelist-source-range": "127.0.0.0/8", "limit-rps": "1000000" },
      "proxy-read-timeout": "30",
    },
    byHand: {
      http: "limit_req_zone $binary_remote_addr zone=clients:16m rate=1000000r/s;",
      location:
        "allow 127.0.0.0/8; deny all; limit_req zone=clients burst=5000000 nodelay; proxy_read_timeout 30s;",
    },
  },
  {
    name: "CORS and sticky sessions",
    annotations: { "enable-cors": "true", affinity: "cookie" },
    byHand: {
      http: 'map $cookie_INGRESSCOOKIE $session { default $cookie_INGRESSCOOKIE; "" $request_id; }',
      upstream: "hash $session consistent;",
      location: `if ($request_method = OPTIONS) { return 204; } add_header Access-Control-Allow-Origin "*"; add_header Access-Control-Allow-Credentials "true"; ${SESSION_COOKIE}`,
    },
  },
];

interface Contender {
  readonly port: number;
  readonly masterPid: number;
}

interface Round extends Figures {
  readonly cpuMicrosPerRequest: number;
}

async function round({ port, masterPid }: Contender): Promise<Round> {
  const before = workersCpuMs(masterPid);
  const figures = await measure(`http://127.0.0.1:${port}/`, ROUND_SECONDS, CONNECTIONS);
  const spentMs = workersCpuMs(masterPid) - before;
  return { ...figures, cpuMicrosPerRequest: (spentMs * 1000) / figures.requests };
}

/** In turns, so that whatever else the machine does meets both. */
async function compare(name: string, ours: Contender, byHand: Contender): Promise<void> {
  const rounds: { ours: Round; byHand: Round }[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const first = await round(byHand);
    rounds.push({ byHand: first, ours: await round(ours) });
  }
  const middle = (values: readonly number[]): number => summarize(values).p50;
  for (const who of ["byHand", "ours"] as const) {
    const all = rounds.map((one) => one[who]);
    const rate = middle(all.map(({ perSecond }) => perSecond)).toFixed(0);
    const p99 = middle(all.map(({ p99Ms }) => p99Ms)).toFixed(2);
    const cpu = middle(all.map(({ cpuMicrosPerRequest }) => cpuMicrosPerRequest)).toFixed(1);
    const failed = all.reduce((sum, one) => sum + one.failed, 0);
    const label = who === "ours" ? "ours" : "peer: written by hand";
    row(`${name}, ${label}`, `${rate}/s, p99 ${p99} ms, ${cpu} us of processor, ${failed} failed`);
  }
  const ratio = (of: (one: Round) => number): string =>
    middle(rounds.map(({ ours: mine, byHand: peer }) => of(mine) / of(peer))).toFixed(2);
  const [rate, p99] = [ratio(({ perSecond }) => perSecond), ratio(({ p99Ms }) => p99Ms)];
  row(`${name}, ratio`, `${rate}x requests/s (goal 0.95x), ${p99}x p99`);
}

/** From the order until each of many kept connections, which lie with all workers, is answered by the new endpoint. */
async function changes(publisher: Publisher, port: number, pods: readonly number[]): Promise<void> {
  const agents = Array.from(
    { length: PROBES },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  const ordered: number[] = [];
  const seen: number[] = [];
  let stale = 0;
  for (let i = 0; i < CHANGES; i++) {
    const pod = pods[i % pods.length] ?? 0;
    const entries = entriesFor([pod]);
    const started = performance.now();
    await publisher.publish(entries);
    ordered.push(performance.now() - started);
    const answered = await Promise.all(agents.map((agent) => podAnswering(port, agent)));
    seen.push(performance.now() - started);
    stale += answered.filter((one) => one !== pod).length;
  }
  for (const agent of agents) agent.destroy();
  const figures = (times: readonly number[]): string => {
    const { p50, p99 } = summarize(times);
    return `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  };
  row("endpoint change until it is confirmed", `${figures(ordered)} (goal: p99 50 ms)`);
  const probes = `${stale} of ${CHANGES * PROBES} answers by a former endpoint`;
  row(`  and until ${PROBES} connections were answered by it`, `${figures(seen)}, ${probes}`);
}

/** Its port: pods name themselves. */
function podAnswering(port: number, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { host: "shop.example" };
    get({ host: "127.0.0.1", port, agent, headers }, (response) => {
      response.resume().on("end", () => resolve(Number(response.headers["x-pod"])));
    }).on("error", reject);
  });
}

async function main(folder: string): Promise<void> {
  const [httpPort = 0, httpsPort = 0, peerPort = 0, ...pods] = await freePorts(5);
  const settings: NginxSettings = {
    ...{ runDir: join(folder, "run"), logDir: join(folder, "log") },
    ...{ stateFile: join(folder, "lib/state"), address: "127.0.0.1", httpPort, httpsPort },
    ...{ workers: 2, modulesDir: MODULES_DIR, luaDir: join(packageRoot(), "ingress/lua") },
  };
  const admin = createNginxAdmin(join(settings.runDir, "admin.sock"));
  const publisher = new Publisher(admin, settings.stateFile, silentLog);
  const stops: (() => Promise<void>)[] = [];
  try {
    const behind = join(folder, "pods");
    stops.push((await startPlainNginx(behind, podsConfig(behind, pods), pods[0] ?? 0)).stop);
    stops.push(() => stopNginx(settings));
    await ensureNginx(settings, silentLog);
    const mine = { port: httpPort, masterPid: nginxPid(settings.runDir) ?? 0 };
    for (const [index, { name, annotations, byHand }] of cases.entries()) {
      const peer = join(folder, `by-hand-${index}`);
      const file = staticConfig(peer, peerPort, pods, byHand);
      const peerNginx = await startPlainNginx(peer, file, peerPort);
      stops.push(peerNginx.stop);
      await publisher.publish(entriesFor(pods, annotations));
      await compare(name, mine, { port: peerPort, masterPid: peerNginx.pid });
      stops.pop();
      await peerNginx.stop();
    }
    await changes(publisher, httpPort, pods);
    await publisher.flush();
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

const lacks = ["nginx", "wrk"].filter((name) => findProgram(name) === undefined);
if (lacks.length > 0) {
  console.error(
    `this benchmark needs ${lacks.join(" and ")} on this host: apt-get install ${lacks.join(" ")}`,
  );
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "kaji-bench-ingress-"));
try {
  await main(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
