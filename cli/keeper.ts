import { spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Locations } from "#kit/locations";

/**
 * Keeps one component of `kaji up` running: a shell (under 1 MB, where a Node process costs 45 MB) that
 * starts it again when it dies. Owns <run>/COMPONENT.pid. Where systemd runs, units do the same job.
 *
 * Invariants: at most one keeper per component and root; SIGTERM to the keeper ends the component first.
 */
export type Component = "server" | "agent" | "ingress";

/** $0 is the pid file, $1 the log file, the rest the command. The log is moved aside at 10 MB, once. */
const LOOP = `
pidfile=$0; log=$1; shift
echo $$ >"$pidfile.new" && mv "$pidfile.new" "$pidfile"
stopping=; delay=0
trap 'stopping=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT HUP
while [ -z "$stopping" ]; do
  if [ "$(stat -c %s "$log" 2>/dev/null || echo 0)" -gt 10000000 ]; then mv -f "$log" "$log.1"; fi
  started=$(date +%s)
  "$@" >>"$log" 2>&1 </dev/null & child=$!
  wait "$child"; while kill -0 "$child" 2>/dev/null; do wait "$child"; done
  child=
  [ -n "$stopping" ] && break
  if [ $(($(date +%s) - started)) -ge 30 ]; then delay=0; fi
  sleep "$delay" & child=$!; wait "$child"; child=
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
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, "utf8").trim());
  // The pid may have been given to another process since: a keeper's command line names its pid file.
  const commandLine = `/proc/${pid}/cmdline`;
  if (!(pid > 0) || !existsSync(commandLine)) return undefined;
  return readFileSync(commandLine, "utf8").includes(file) ? pid : undefined;
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

/** Ends the component and its keeper; resolves when both are gone. */
export async function stopKept(
  locations: Locations,
  component: Component,
  timeoutMs: number,
): Promise<void> {
  const pid = keeperPid(locations, component);
  if (pid === undefined) {
    rmSync(pidFileOf(locations, component), { force: true });
    return;
  }
  process.kill(pid, "SIGTERM");
  const deadline = Date.now() + timeoutMs;
  while (keeperPid(locations, component) === pid) {
    if (Date.now() > deadline) killTree(pid);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  rmSync(pidFileOf(locations, component), { force: true });
}

/** SIGKILL for a keeper that does not end, and for its child: the keeper's session is its own. */
function killTree(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
