import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorChain, type Log } from "#kit/log";

/** Owns <lib>/agent/servers.json: the gateways that a server named last. */
const fileName = "servers.json";

export function readKnownGateways(directory: string, log: Log): readonly string[] {
  try {
    const text = readFileSync(join(directory, fileName), "utf8");
    const { gateways } = JSON.parse(text) as { gateways?: unknown };
    return Array.isArray(gateways) ? gateways.filter((one) => typeof one === "string") : [];
  } catch (error) {
    // Without it there is still the server that this node was sent to.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
      log.warn("the list of known servers cannot be read", { error: errorChain(error) });
    }
    return [];
  }
}

export function writeKnownGateways(directory: string, gateways: readonly string[], log: Log): void {
  const path = join(directory, fileName);
  try {
    writeFileSync(`${path}.new`, JSON.stringify({ gateways }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.warn("the list of known servers cannot be kept", { error: errorChain(error) });
  }
}
