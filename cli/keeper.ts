import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Locations, locationsFor } from "#kit/locations";
import { parentPid } from "#kit/parent-pid";
import { readIfThere } from "#kit/read-if-there";
import { sendSignal } from "#kit/send-signal";

/**
 * Keeps one component of `kaji up` running: a shell (under 1 MB, where a Node process costs 45 MB) that
 * starts it again when it dies. Owns <run>/COMPONENT.pid. Where systemd runs, units do the same job.
 *
 * Invariants: at most one keeper per component and root (it holds <run>/COMPONENT.lock); SIGTERM to the keeper ends
 * the component first; a component whose keeper was killed serves on until the next `kaji up` or `kaji down`.
 */
export type Component = "server" | "agent" | "ingress";

/** $0 is the pid file, $1 the log file, the rest the command. The log is moved aside at 10 MB, once. */
const LOOP = `
pidfile=$0; log=$1; shift
exec 9>"\${pidfile%.pid}.lock" && flock --nonblock 9 || exit 0
echo $$ >"$pidfile.new" && mv "$pidfile.new" "$pidfile"
stopping=; delay=0
trap 'stopping=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT HUP
while [ -z "$stopping" ]; do
  if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 10000000 ]; then mv -f "$log" "$log.1"; fi
  started=$(date +%s)
  KAJI_KEPT=$pidfile "$@" >>"$log" 2>&1 </dev/null 9>&- & child=$!
  wait "$child"; while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  child=
  [ -n "$stopping" ] && break
  if [ $(($(date +%s) - started)) -ge 30 ]; then delay=0; fi
  sleep "$delay" 9>&- & child=$!; wait "$child"; child=
  [ "$delay" -lt 10 ] && delay=$((delay + 1))
done
rm -f "$pidfile"
`;

export function pidFileOf(locations: Locations, component: Component): string {
  return join(locations.run, `${component}.pid`);
}

export function logFileOf(locations: Locations, component: Component): string {
  return join(locations.log, `${component}.log`);
}

/** The keeper's process id, when one runs. */
export function keeperPid(locations: Locations, component: Component): number | undefined {
  const file = pidFileOf(locations, component);
  const pid = Number(readIfThere(file).trim());
  // The pid may have been given to another process since: a keeper's command line names its pid file.
  const isKeeper = pid > 0 && wordsOf(pid).includes(file);
  return isKeeper ? pid : undefined;
}

/** Whether one runs that would start the component in another way than this command does. */
export function isKeptOtherwise(
  locations: Locations,
  component: Component,
  command: readonly string[],
): boolean {
  const keeper = keeperPid(locations, component);
  if (keeper === undefined) return false;
  const kept = wordsOf(keeper).slice(0, -1);
  return (
    kept.slice(kept.indexOf(component)).join("\0") !==
    command.slice(command.indexOf(component)).join("\0")
  );
}

/** Starts the component under a keeper of its own session; a no-op when one runs already. */
export function startKept(
  locations: Locations,
  component: Component,
  command: readonly string[],
): void {
  if (keeperPid(locations, component) !== undefined) return;
  mkdirSync(locations.run, { recursive: true, mode: 0o755 });
  mkdirSync(locations.log, { recursive: true, mode: 0o750 });
  const log = openSync(logFileOf(locations, component), "a", 0o640);
  const child = spawn(
    "/bin/sh",
    ["-c", LOOP, pidFileOf(locations, component), logFileOf(locations, component), ...command],
    { detached: true, stdio: ["ignore", log, log], cwd: "/" },
  );
  closeSync(log);
  child.unref();
}

/**
 * Ends a component whose keeper was killed. At once: whatever can be killed need not be asked, and what it would say
 * goodbye to comes back.
 */
export async function endOrphans(locations: Locations, component: Component): Promise<void> {
  for (const pid of orphansOf(locations, component)) {
    sendSignal(pid, "SIGKILL");
    while (!hasEnded(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * Its ports and locks are free: it is gone, or a zombie without other threads that nobody has reaped yet. An empty
 * command line is too early, for the kernel takes the memory of a process before it closes its files.
 */
function hasEnded(pid: number): boolean {
  const stat = readIfThere(`/proc/${pid}/stat`);
  if (stat === "") return true;
  const state = stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  return "ZX".includes(state) && threadsOf(pid) <= 1;
}

function threadsOf(pid: number): number {
  const [, count] = /^Threads:\s+(\d+)$/m.exec(readIfThere(`/proc/${pid}/status`)) ?? [];
  return Number(count ?? 0);
}

/** The component itself, while its keeper has one running. */
export function componentPid(locations: Locations, component: Component): number | undefined {
  const keeper = keeperPid(locations, component);
  if (keeper === undefined) return undefined;
  return readIfThere(`/proc/${keeper}/task/${keeper}/children`)
    .split(" ")
    .filter((pid) => pid && componentRunBy(wordsOf(pid)) === component)
    .map(Number)[0];
}

/**
 * Known by what the keeper put into their environment, and by a parent that is neither a keeper nor the component: what
 * a component is just starting looks like the component until it is that program.
 */
function orphansOf(locations: Locations, component: Component): number[] {
  const pidFile = pidFileOf(locations, component);
  const isComponent = (pid: string | number): boolean =>
    componentRunBy(wordsOf(pid)) === component &&
    readIfThere(`/proc/${pid}/environ`).split("\0").includes(`KAJI_KEPT=${pidFile}`);
  const isKeeper = (pid: number): boolean => wordsOf(pid).includes(pidFile);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isComponent(name))
    .filter((pid) => {
      const parent = parentPid(pid);
      return !isKeeper(parent) && !isComponent(parent);
    })
    .map(Number);
}

/** Whether one runs for these locations that no keeper has started, but systemd or a person. */
export function isRunningUnkept(locations: Locations, component: Component): boolean {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const words = wordsOf(pid);
      if (componentRunBy(words) !== component) return false;
      if (locationsFor(rootDirIn(words)).lib !== locations.lib) return false;
      // Only root may see who started it.
      return process.getuid?.() !== 0 || !orphansOf(locations, component).includes(Number(pid));
    });
}

function wordsOf(pid: number | string): string[] {
  return readIfThere(`/proc/${pid}/cmdline`).split("\0");
}

/** Of "node [FLAGS] .../start.cjs COMPONENT ..."; a keeper has such words too, but is a shell. */
function componentRunBy(words: readonly string[]): string | undefined {
  if (words[1] === "-c") return undefined;
  const program = words.findIndex((word) => /\.[cm]?js$/.test(word));
  return program < 0 ? undefined : words[program + 1];
}

/** `--root-dir DIR` or `--root-dir=DIR`. */
function rootDirIn(words: readonly string[]): string | undefined {
  const at = words.indexOf("--root-dir");
  if (at >= 0) return words[at + 1];
  return words.find((word) => word.startsWith("--root-dir="))?.slice("--root-dir=".length);
}

/** Ends the component and its keeper; resolves when both are gone. */
export async function stopKept(
  locations: Locations,
  component: Component,
  timeoutMs: number,
): Promise<void> {
  const pid = keeperPid(locations, component);
  if (pid === undefined) {
    await endOrphans(locations, component);
    rmSync(pidFileOf(locations, component), { force: true });
    return;
  }
  sendSignal(pid, "SIGTERM");
  const deadline = Date.now() + timeoutMs;
  while (keeperPid(locations, component) === pid) {
    // The keeper with its child: its session is its own.
    if (Date.now() > deadline) sendSignal(-pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  rmSync(pidFileOf(locations, component), { force: true });
}
