import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type NginxSettings, renderNginxConfig } from "#ingress/nginx/config";
import { endMigration, retire } from "#ingress/nginx/retire";
import type { Log } from "#kit/log";
import { parentPid } from "#kit/parent-pid";
import { readIfThere } from "#kit/read-if-there";
import { sendSignal } from "#kit/send-signal";

/**
 * The nginx processes of this ingress. nginx is a daemon of its own: it serves on while the ingress process
 * is away, and a new ingress process takes over the one that runs.
 *
 * Invariant: nginx is never told to use a file that `nginx -t` has not accepted.
 */
const run = promisify(execFile);
const STOP_TIMEOUT_MS = 10_000;
const COMMAND_TIMEOUT_MS = 20_000;

export const MODULES_DIR = "/usr/lib/nginx/modules";

/** The master's process id, when it runs. */
export function nginxPid(runDir: string): number | undefined {
  const file = join(runDir, "nginx.pid");
  const pid = Number(readIfThere(file).trim());
  // Pids are used again, by another nginx too: ours names our file.
  const isOurs =
    pid > 0 && readIfThere(`/proc/${pid}/cmdline`).includes(join(runDir, "nginx.conf"));
  return isOurs ? pid : undefined;
}

/** The master's workers of every generation, those that are shutting down included: all may hold requests. */
export function workerPids(masterPid: number): number[] {
  const file = `/proc/${masterPid}/task/${masterPid}/children`;
  if (existsSync(file)) return readIfThere(file).split(" ").filter(Boolean).map(Number);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentPid(name) === masterPid)
    .map(Number);
}

/**
 * Starts nginx, or takes over the one that runs with the same file. Gives the workers of a killed master: they
 * accept nothing new and end when their requests have.
 */
export async function ensureNginx(settings: NginxSettings, log: Log): Promise<number[]> {
  const config = renderNginxConfig(settings);
  const file = join(settings.runDir, "nginx.conf");
  const running = nginxPid(settings.runDir);
  const isSame = existsSync(file) && readFileSync(file, "utf8") === config;
  if (running !== undefined && isSame) return retiringWorkers(settings, running);
  mkdirSync(settings.runDir, { recursive: true, mode: 0o700 });
  mkdirSync(settings.logDir, { recursive: true, mode: 0o750 });
  // Only the first start needs it: the library costs more to load than the rest of this process.
  const { ensureDefaultCertificate } = await import("#ingress/nginx/default-certificate");
  await ensureDefaultCertificate(settings.runDir);
  const candidate = `${file}.new`;
  writeFileSync(candidate, config);
  await nginx(settings, candidate, ["-t"]);
  writeFileSync(file, config);
  if (running === undefined) {
    // A killed master leaves its socket file, and workers that serve on: the ports are shared with them (reuseport)
    // until the new ones listen, so that no connection is refused in between.
    rmSync(join(settings.runDir, "admin.sock"), { force: true });
    const orphans = workersByLog(settings.logDir);
    await nginx(settings, file, []);
    await retire(settings.runDir, orphans);
    log.info("nginx started", { pid: nginxPid(settings.runDir), retiring: orphans.length });
  } else {
    // Settings changed (a port, an address): the workers are replaced, requests under way end in the old ones.
    process.kill(running, "SIGHUP");
    log.info("nginx reloaded with new settings", { pid: running });
  }
  return retiringWorkers(settings, nginxPid(settings.runDir));
}

function retiringWorkers({ logDir }: NginxSettings, master: number | undefined): number[] {
  const current = new Set(master === undefined ? [] : [master, ...workerPids(master)]);
  return workersByLog(logDir).filter((pid) => !current.has(pid));
}

async function nginx(
  settings: NginxSettings,
  file: string,
  args: readonly string[],
): Promise<void> {
  try {
    const base = [
      "-c",
      file,
      "-p",
      settings.runDir,
      "-e",
      join(settings.logDir, "nginx-error.log"),
    ];
    const path = `${process.env.PATH ?? ""}:/usr/sbin:/sbin`;
    await run("nginx", [...base, ...args], {
      timeout: COMMAND_TIMEOUT_MS,
      env: { ...process.env, PATH: path },
    });
  } catch (cause) {
    const text = (cause as { stderr?: string }).stderr?.trim().split("\n")[0];
    const what = args.includes("-t") ? "nginx refuses its configuration" : "nginx does not start";
    throw new Error(`${what}: ${text || (cause as Error).message}`, { cause });
  }
}

/** Ends nginx and waits until it is gone; requests under way are cut. */
export async function stopNginx(settings: Pick<NginxSettings, "runDir" | "logDir">): Promise<void> {
  endMigration(settings.runDir);
  const master = nginxPid(settings.runDir);
  if (master !== undefined) await end([master, ...workerPids(master)]);
  await end(workersByLog(settings.logDir));
}

/** Every nginx process of ours, whoever its parent is: known by the log file that it holds open. */
export function workersByLog(logDir: string): number[] {
  const log = join(logDir, "nginx-error.log");
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isNginx(name) && holdsOpen(name, log))
    .map(Number);
}

function isNginx(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "nginx";
  } catch {
    // It ended while we looked.
    return false;
  }
}

function holdsOpen(pid: string, file: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file,
    );
  } catch {
    // It ended while we looked.
    return false;
  }
}

/** SIGTERM, then SIGKILL; throws when even that does not end them. */
async function end(pids: readonly number[]): Promise<void> {
  if (pids.length === 0) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const pid of pids) sendSignal(pid, signal);
    if (await areGone(pids, STOP_TIMEOUT_MS)) return;
  }
  throw new Error(`nginx (processes ${pids.join(", ")}) does not end, even when killed`);
}

async function areGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (pids.some((pid) => existsSync(`/proc/${pid}`))) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
