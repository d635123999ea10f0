import { execFile, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { workerPids } from "#ingress/nginx/process";
import { cpuMs } from "#test/bench/processes";
import { eventually, findProgram } from "#test/support/host";

/** What the ingress is compared with: nginx as somebody would write it by hand, and the pods behind both. */
const run = promisify(execFile);

export interface PlainNginx {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Processor time of a master's workers so far. */
export function workersCpuMs(masterPid: number): number {
  return cpuMs(workerPids(masterPid));
}

/** Pods: nginx too, so that they cost as little as anything does, in one worker each. */
export function podsConfig(folder: string, ports: readonly number[]): string {
  const servers = ports.map(
    (port) =>
      `  server { listen 127.0.0.1:${port} backlog=4096; keepalive_requests 1000000; add_header X-Pod ${port}; location / { return 200 "${"x".repeat(1024)}"; } }`,
  );
  return `${top(folder, 1)}http {\n  access_log off;\n${servers.join("\n")}\n}\n`;
}

/** What a file written by hand says for what annotations ask of ours. */
export interface ByHand {
  readonly http?: string;
  readonly upstream?: string;
  readonly location?: string;
}

/** One host to the pods with kept connections, and headers as every guide has them. */
export function staticConfig(
  folder: string,
  port: number,
  pods: readonly number[],
  { http = "", upstream = "", location = "" }: ByHand = {},
): string {
  return `${top(folder, 2)}http {
  access_log off;
  server_tokens off;
  keepalive_requests 1000000;
  map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
  ${http}
  upstream pods {
    ${upstream}
${pods.map((pod) => `    server 127.0.0.1:${pod};`).join("\n")}
    keepalive 320;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port} reuseport backlog=4096;
    server_name shop.example;
    location / {
      proxy_pass http://pods;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header X-Request-ID $request_id;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Proto $scheme;
      ${location}
    }
  }
}
`;
}

function top(folder: string, workers: number): string {
  return `daemon off;
user root;
worker_processes ${workers};
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 8192; }
`;
}

export async function startPlainNginx(
  folder: string,
  config: string,
  port: number,
): Promise<PlainNginx> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "nginx.conf");
  writeFileSync(file, config);
  const nginx = findProgram("nginx") ?? "nginx";
  const child = spawn(nginx, ["-c", file, "-p", folder, "-e", join(folder, "error.log")], {
    stdio: "ignore",
    // In a session of its own, as ours is: kernels share the processor out by sessions.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await eventually("nginx answers", async () => {
    const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
    return response?.ok;
  });
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export interface Figures {
  readonly perSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were no success, and connections that broke. */
  readonly failed: number;
}

/** Kept connections of the load generator wrk, which costs less than what it measures. */
export async function measure(url: string, seconds: number, connections: number): Promise<Figures> {
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "10s"];
  const { stdout } = await run("wrk", [...load, "-H", "Host: shop.example", url]);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(
    stdout,
  );
  const refused = /Non-2xx or 3xx responses: (\d+)/.exec(stdout);
  return {
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50Ms: durationMs(/50%\s+(\S+)/.exec(stdout)?.[1] ?? ""),
    p99Ms: durationMs(/99%\s+(\S+)/.exec(stdout)?.[1] ?? ""),
    failed: [...(broken?.slice(1) ?? []), refused?.[1] ?? "0"].reduce(
      (sum, n) => sum + Number(n),
      0,
    ),
  };
}

function durationMs(text: string): number {
  const [, number, unit] = /^([\d.]+)(us|ms|s|m)$/.exec(text) ?? [];
  const factors: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };
  return Number(number) * (factors[unit ?? ""] ?? Number.NaN);
}
