import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootFile } from "#node-agent/network/boot-file";

/**
 * Kernel settings of the whole host that the network needs. The value found at first is written down before
 * it is changed, so that `restoreSysctls` gives the host back as it was, also after a crash.
 *
 * Invariant: several instances may share a host (or a network namespace): they share one memory, and the last
 * one to leave restores. Two that start in the same millisecond may both note "before"; they note the same.
 */
interface Remembered {
  readonly settings: Readonly<Record<string, { readonly before: string; readonly ours: string }>>;
  readonly users: readonly string[];
}

export async function setSysctls(
  memoryFile: string,
  instance: string,
  wanted: Readonly<Record<string, string>>,
): Promise<void> {
  const memory = bootFile<Remembered>(memoryFile);
  for (const [name, ours] of Object.entries(wanted)) {
    const before = await readSysctl(name);
    const { settings = {}, users = [] } = memory.read() ?? {};
    if (before === ours && !settings[name]) continue;
    memory.write({
      settings: { ...settings, [name]: { before: settings[name]?.before ?? before, ours } },
      users: users.includes(instance) ? users : [...users, instance],
    });
    if (before !== ours) await writeSysctl(name, ours);
  }
}

/** What someone else has changed since is left alone. */
export async function restoreSysctls(memoryFile: string, instance: string): Promise<void> {
  const memory = bootFile<Remembered>(memoryFile);
  const { settings = {}, users = [] } = memory.read() ?? {};
  const others = users.filter((user) => user !== instance);
  if (others.length > 0) return memory.write({ settings, users: others });
  for (const [name, { before, ours }] of Object.entries(settings)) {
    if ((await readSysctl(name)) === ours) await writeSysctl(name, before);
  }
  memory.remove();
}

/** Settings that vanish with the interface they belong to need no memory. */
export async function writeSysctl(name: string, value: string): Promise<void> {
  await writeFile(sysctlPath(name), value);
}

async function readSysctl(name: string): Promise<string> {
  return (await readFile(sysctlPath(name), "utf8")).trim();
}

/** "net/ipv4/ip_forward": with slashes, because interface names may carry dots. */
function sysctlPath(name: string): string {
  return join("/proc/sys", name);
}
