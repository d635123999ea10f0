import { spawn } from "node:child_process";
import { posix } from "node:path";
import { capabilityFlag, capabilityRecords, extractTar } from "#runtime/images/file-capabilities";
import { OPAQUE_XATTR, type TarHeader } from "#runtime/images/snapshots/rewrite";
import { type TarSink, writeTar } from "#runtime/images/tar-writer";

/**
 * The layer that a command left in an overlay's upper directory: overlay's whiteouts and opaque directories
 * become OCI's, times become `mtime`, and the mount points and files that the runtime put there for the
 * command stay out. GNU tar reads the directory, because Node cannot read extended attributes.
 */
export function upperTar(upperDir: string, mtime: Date): AsyncIterable<Uint8Array> {
  return writeTar(async (sink) => {
    const child = spawn(
      "tar",
      ["-c", "-f", "-", "-C", upperDir, "--sort=name", "--numeric-owner", ...xattrFlags, "."],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
      },
    );
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      if (stderr.length < MAX_STDERR_BYTES) stderr += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    const input = extractTar();
    child.stdout.pipe(input as unknown as NodeJS.WritableStream);
    for await (const entry of input) {
      const content = entry as unknown as AsyncIterable<Uint8Array>;
      await putEntry(sink, entry.header as TarHeader, content, mtime);
      entry.resume();
    }
    const code = await ended;
    if (code !== 0)
      throw new Error(
        `cannot read what the command wrote: ${stderr.trim() || `tar ended with ${code}`}`,
      );
  });
}

const MAX_STDERR_BYTES = 4096;
const xattrFlags = ["--xattrs", "--xattrs-include=trusted.overlay.opaque", capabilityFlag];
const RUNTIME_DIRECTORIES = ["dev", "proc", "sys"];
const RUNTIME_FILES: ReadonlySet<string> = new Set([
  "etc/hostname",
  "etc/hosts",
  "etc/resolv.conf",
]);

async function putEntry(
  sink: TarSink,
  header: TarHeader,
  content: AsyncIterable<Uint8Array>,
  mtime: Date,
): Promise<void> {
  const name = header.name.replace(/^\.\//, "").replace(/\/$/, "");
  if (name === "" || name === "." || isRuntimes(name, header)) return;
  const { mode = 0o644, uid = 0, gid = 0 } = header;
  const common = { mode: mode & 0o7777, uid, gid, mtime };
  switch (header.type) {
    case "directory":
      await sink.put({ ...common, name: `${name}/`, type: "directory" });
      if (header.pax?.[OPAQUE_XATTR] === "y") {
        await sink.put({ ...common, mode: 0, name: `${name}/.wh..wh..opq`, type: "file", size: 0 });
      }
      return;
    case "character-device":
      if (header.devmajor === 0 && header.devminor === 0) {
        const whiteout = posix.join(posix.dirname(name), `.wh.${posix.basename(name)}`);
        return sink.put({
          ...common,
          mode: 0,
          uid: 0,
          gid: 0,
          name: whiteout,
          type: "file",
          size: 0,
        });
      }
      return sink.put({ ...common, ...device(header), name, type: "character-device" });
    case "block-device":
      return sink.put({ ...common, ...device(header), name, type: "block-device" });
    case "symlink":
      return sink.put({ ...common, name, type: "symlink", linkname: header.linkname ?? "" });
    case "link":
      return sink.put({
        ...common,
        name,
        type: "link",
        linkname: (header.linkname ?? "").replace(/^\.\//, ""),
      });
    case "fifo":
      return sink.put({ ...common, name, type: "fifo" });
    default: {
      const pax = capabilityRecords(header);
      const file = { ...common, name, type: "file", size: header.size ?? 0 } as const;
      return sink.put(pax ? { ...file, pax } : file, content);
    }
  }
}

function device(header: TarHeader): Pick<TarHeader, "devmajor" | "devminor"> {
  return { devmajor: header.devmajor ?? 0, devminor: header.devminor ?? 0 };
}

/** Mount points and empty files that a runtime makes before it starts a command. */
function isRuntimes(name: string, header: TarHeader): boolean {
  if (
    RUNTIME_DIRECTORIES.some((directory) => name === directory || name.startsWith(`${directory}/`))
  ) {
    return true;
  }
  return RUNTIME_FILES.has(name) && (header.size ?? 0) === 0 && header.type === "file";
}
