import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Debian's kernel for virtual machines, unpacked in a cache and never installed on the host. */
export interface Kernel {
  /** "6.1.0-56-cloud-amd64" */
  readonly release: string;
  readonly image: string;
  readonly modules: string;
}

const CACHE = "node_modules/.cache/microvm";
const METAPACKAGE = "linux-image-cloud-amd64";
export const DOWNLOAD_LIMIT_MS = 60_000;

/** Throws with the reason when there is none and none can be had. */
export function microvmKernel(): Kernel {
  if (!existsSync(CACHE) || readdirSync(CACHE).length === 0) download();
  const [release] = readdirSync(join(CACHE, "kernel/lib/modules"));
  if (release === undefined) throw new Error(`${CACHE} holds no kernel: remove it`);
  return {
    release,
    image: join(CACHE, `kernel/boot/vmlinuz-${release}`),
    modules: join(CACHE, "kernel/lib/modules", release, "kernel"),
  };
}

/** Into a folder beside the cache first, so that a killed download leaves no half of a kernel. */
function download(): void {
  mkdirSync(join(CACHE, ".."), { recursive: true });
  const partial = mkdtempSync(`${CACHE}-`);
  try {
    const name = kernelPackage();
    run("apt-get", ["download", "-q", "-o", "APT::Sandbox::User=root", name], partial);
    const [file = ""] = readdirSync(partial);
    run("dpkg-deb", ["-x", file, "kernel"], partial);
    rmSync(join(partial, file));
    renameSync(partial, CACHE);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** The metapackage depends on one package, whose name holds the version. */
function kernelPackage(): string {
  const found = /Depends: (linux-image-\S+)/.exec(run("apt-cache", ["depends", METAPACKAGE]));
  if (found?.[1] === undefined) throw new Error(`apt-cache knows no ${METAPACKAGE}`);
  return found[1];
}

function run(program: string, args: readonly string[], cwd = "."): string {
  return execFileSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DOWNLOAD_LIMIT_MS,
  });
}
