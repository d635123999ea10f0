import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sendSignal } from "#kit/send-signal";

/**
 * Lets the workers of a killed master go without losing a connection: those that they have not accepted yet are given
 * to the listeners of the new ones, if the kernel is told to (net.ipv4.tcp_migrate_req, Linux 5.14). It is told so for
 * that moment alone; what it was set to before stands in a file until it is set back, so a kill leaves no trace.
 */
const SETTING = "/proc/sys/net/ipv4/tcp_migrate_req";
/** A worker closes its listeners as soon as it is told; its requests may take longer and are not waited for. */
const CLOSING_MS = 1_000;

export async function retire(runDir: string, pids: readonly number[]): Promise<void> {
  if (pids.length === 0) return;
  const isMigrating = beginMigration(runDir);
  try {
    for (const pid of pids) sendSignal(pid, "SIGQUIT");
    const deadline = performance.now() + CLOSING_MS;
    while (isMigrating && performance.now() < deadline && pids.some(isAlive)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    endMigration(runDir);
  }
}

/** Also at a start and when all is cleaned up: whoever set it may have been killed. */
export function endMigration(runDir: string): void {
  const file = formerFile(runDir);
  if (!existsSync(file)) return;
  writeFileSync(SETTING, readFileSync(file));
  rmSync(file);
}

/** False: this kernel cannot, and what waits in the closed listeners is reset. */
function beginMigration(runDir: string): boolean {
  if (!existsSync(SETTING)) return false;
  endMigration(runDir);
  writeFileSync(formerFile(runDir), readFileSync(SETTING));
  writeFileSync(SETTING, "1\n");
  return true;
}

function formerFile(runDir: string): string {
  return join(runDir, "former-tcp-migrate-req");
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}
