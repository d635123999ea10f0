import { rm } from "node:fs/promises";
import type { Locations } from "#kit/locations";
import { type RunCommand, runCommand } from "#node-agent/network/command";
import { bootFile } from "#node-agent/network/boot-file";
import { type NetworkNames, networkNames } from "#node-agent/network/names";
import { nothing, planChanges } from "#node-agent/network/peers/changes";
import { findRouting } from "#node-agent/network/peers/find";
import { restoreSysctls } from "#node-agent/network/sysctls";

/**
 * Removes from the host what the network of this instance made there: rules, bridge with what hangs on it,
 * changed sysctls, files. Needs no running agent; what is gone already is fine. Caller must have stopped the pods.
 */
export async function cleanUpNetwork({
  locations,
  run = runCommand,
}: {
  readonly locations: Locations;
  readonly run?: RunCommand;
}): Promise<void> {
  const names = networkNames(locations);
  if (await hasTable(run, names.table)) await run(["nft", "delete", "table", "inet", names.table]);
  if (await hasTable(run, names.table, "bridge")) {
    await run(["nft", "delete", "table", "bridge", names.table]);
  }
  await removeRoutes(run, names);
  await removeLinks(run, names);
  await restoreSysctls(names.sysctlFile, locations.instance);
  await rm(names.directory, { recursive: true, force: true });
}

export async function hasTable(run: RunCommand, table: string, family = "inet"): Promise<boolean> {
  const lines = (await run(["nft", "list", "tables", family])).split("\n");
  return lines.some((line) => line.trim() === `table ${family} ${table}`);
}

async function removeRoutes(run: RunCommand, names: NetworkNames): Promise<void> {
  const clusterPodCidr = bootFile<string>(names.rangeFile).read();
  if (clusterPodCidr === undefined) return;
  const found = await findRouting(run, { clusterPodCidr, tunnelName: names.tunnel });
  const { ip } = planChanges(found, nothing);
  await run(["ip", "-force", "-batch", "-"], `${ip.join("\n")}\n`);
}

async function removeLinks(run: RunCommand, { bridge, tunnel }: NetworkNames): Promise<void> {
  const links = JSON.parse((await run(["ip", "-j", "link", "show"])) || "[]") as {
    readonly ifname: string;
    readonly master?: string;
  }[];
  const gone = links.filter(
    ({ ifname, master }) => ifname === bridge || master === bridge || ifname === tunnel,
  );
  if (gone.length === 0) return;
  // -force: a pod's interface may vanish by itself meanwhile.
  const lines = gone.map(({ ifname }) => `link del dev ${ifname}`).join("\n");
  await run(["ip", "-force", "-batch", "-"], `${lines}\n`).catch(async (cause: unknown) => {
    const left = await run(["ip", "-o", "link", "show", "type", "bridge"]);
    if (left.includes(` ${bridge}:`)) throw cause;
  });
}
