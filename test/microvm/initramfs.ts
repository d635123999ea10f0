import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { cpioArchive, type Entry } from "#test/microvm/cpio";
import type { Kernel } from "#test/microvm/kernel";

/** What a guest is made of, beside busybox, Node and the native side. */
export interface GuestProgram {
  /** A TypeScript file that is bundled and run by Node as a service would be. */
  readonly source: string;
  /** Kernel modules below the kernel's own folder, in the order they are loaded. */
  readonly modules: readonly string[];
}

/** Writes the first root of a guest, which is its only one: it runs from memory. */
export async function writeInitramfs(
  file: string,
  kernel: Kernel,
  program: GuestProgram,
): Promise<void> {
  const modules = program.modules.map((module, place): Entry => {
    const path = `modules/${place}-${module.split("/").at(-1)}`;
    return { path, type: "file", source: join(kernel.modules, module) };
  });
  const archive = cpioArchive(
    once([
      { path: "init", type: "file", source: "test/microvm/init.sh" },
      { path: "init.second", type: "file", source: "test/microvm/init.second.sh" },
      { path: "bin/busybox", type: "file", source: "/bin/busybox" },
      { path: "guest.mjs", type: "text", text: await bundle(program.source) },
      ...withLibraries("bin/node", process.execPath),
      // Debian's busybox has none, and the runtime waits with it for what a killed launcher left.
      ...withLibraries("bin/flock", "/usr/bin/flock"),
      ...withLibraries("bin/mkfs.ext4", "/usr/sbin/mke2fs"),
      ...withLibraries("native/kaji-native", "runtime/native/build/kaji-native"),
      { path: "native/syscalls.txt", type: "file", source: "runtime/native/build/syscalls.txt" },
      ...modules,
    ]),
  );
  writeFileSync(file, archive);
}

/** Programs share libraries. */
function once(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()];
}

async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["source"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

function withLibraries(path: string, source: string): readonly Entry[] {
  return [
    { path, type: "file", source },
    ...librariesOf(source).map(
      (library): Entry => ({ path: library.slice(1), type: "file", source: library }),
    ),
  ];
}

/** Absolute paths of what the dynamic linker loads; none for a static program, which ldd refuses. */
function librariesOf(program: string): readonly string[] {
  const isStatic = execFileSync("readelf", ["-d", program], { encoding: "utf8" }).includes(
    "no dynamic section",
  );
  if (isStatic) return [];
  const lines = execFileSync("ldd", [program], { encoding: "utf8" }).split("\n");
  return lines.flatMap((line) => /(?:^\s*|=> )(\/\S+)/.exec(line)?.[1] ?? []);
}
