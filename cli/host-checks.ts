import { accessSync, constants, existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { CommandError } from "#cli/define-command";
import { packageRoot } from "#kit/package-root";

/** What a host must have before anything starts: each lack is one sentence with its remedy. As in scripts/setup.sh. */
export interface NeededProgram {
  readonly name: string;
  readonly package: string;
  readonly why: string;
}

/** For pods. */
export const agentPrograms: readonly NeededProgram[] = [
  { name: "nft", package: "nftables", why: "Services are nftables rules" },
  { name: "ip", package: "iproute2", why: "the pod network is made with it" },
  { name: "conntrack", package: "conntrack", why: "it forgets flows to endpoints that are gone" },
];

export const allPrograms: readonly NeededProgram[] = [
  { name: "nginx", package: "nginx", why: "the ingress is nginx" },
  ...agentPrograms,
];

const searchPath = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/bin"];
const NATIVE_PROGRAM = "runtime/native/build/kaji-native";

export function checkHost(programs: readonly NeededProgram[] = allPrograms): void {
  if (process.platform !== "linux") {
    throw new CommandError(
      `containers need a Linux kernel, and this is ${process.platform}: run Kaji on a Linux host`,
    );
  }
  const missing = programs.filter(
    (program) => !searchPath.some((folder) => isExecutable(`${folder}/${program.name}`)),
  );
  if (missing.length > 0) {
    const reasons = missing.map((program) => `${program.name} (${program.why})`).join(", ");
    const packages = missing.map((program) => program.package).join(" ");
    throw new CommandError(`missing on this host: ${reasons}: run \`apt-get install ${packages}\``);
  }
  if (!isExecutable(join(packageRoot(), NATIVE_PROGRAM))) {
    throw new CommandError(
      `${NATIVE_PROGRAM}, which starts containers, is not built: run \`npm run setup\` in ${packageRoot()}; it installs gcc and make where they are missing`,
    );
  }
  if (!existsSync("/sys/fs/cgroup")) {
    throw new CommandError(
      "there is no /sys/fs/cgroup: mount the control groups of this host first",
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: both mean that it cannot be used.
    return false;
  }
}

export interface WantedPort {
  readonly address: string;
  readonly port: number;
  /** The flag that chooses another. */
  readonly flag: string;
  /** Asked when it is taken: by the very component that shall have it? */
  readonly isOurs?: () => boolean;
}

export async function requirePortsFree(wanted: readonly WantedPort[]): Promise<void> {
  for (const { address, port, flag, isOurs } of wanted) {
    const problem = await tryListen(address, port);
    if (problem === "EADDRINUSE") {
      if (isOurs?.()) continue;
      throw new CommandError(
        `port ${port} on ${address} is taken by another process: stop it (see \`ss -ltnp\`) or choose another with ${flag}`,
      );
    }
    if (problem === "EADDRNOTAVAIL") {
      throw new CommandError(
        `${address} is not an address of this host: see \`ip address\` for those that are`,
      );
    }
    if (problem)
      throw new CommandError(
        `cannot listen on ${address}:${port} (${problem}): choose another port with ${flag}`,
      );
  }
}

function tryListen(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host: address, port, exclusive: true }, () =>
      probe.close(() => resolve(undefined)),
    );
  });
}
