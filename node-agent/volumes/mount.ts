import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Mounts are made by mount(8): rare here, since what is common (secrets, tokens) shares one tmpfs. */
export async function mountTmpfs(path: string, options: string): Promise<void> {
  if (await isMountPoint(path)) return;
  await run("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]);
}

export async function bindMount(source: string, target: string): Promise<void> {
  await run("mount", ["--bind", "--no-canonicalize", source, target]);
}

export async function unmount(path: string): Promise<void> {
  if (await isMountPoint(path)) await run("umount", ["--lazy", path]);
}

export async function isMountPoint(path: string): Promise<boolean> {
  return (await mountPoints()).includes(path);
}

/** Mount points at or below a path, deepest first. */
export async function mountPointsBelow(path: string): Promise<string[]> {
  const below = (await mountPoints()).filter((at) => at === path || at.startsWith(`${path}/`));
  return below.sort((a, b) => b.length - a.length);
}

async function mountPoints(): Promise<string[]> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  return table.split("\n").flatMap((line) => {
    const at = line.split(" ")[4];
    return at ? [unescapeOctal(at)] : [];
  });
}

/** mountinfo writes blanks as \040. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
