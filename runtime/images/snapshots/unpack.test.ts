import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { geteuid } from "node:process";
import { Readable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "#runtime/images/digest";
import { CAPABILITY_XATTR, extractTar } from "#runtime/images/file-capabilities";
import { createLayerPaths } from "#runtime/images/snapshots/layer-paths";
import type { TarHeader } from "#runtime/images/snapshots/rewrite";
import { tarOf } from "#runtime/images/snapshots/tar-fixtures";
import { unpackLayer } from "#runtime/images/snapshots/unpack";

const isRoot = geteuid?.() === 0;
if (!isRoot)
  console.warn("skipped: unpacking layers needs root (owners, devices, overlay attributes)");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kaji-images-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

type Entries = readonly (TarHeader & { readonly content?: string })[];

async function unpack(entries: Entries, limits: { maxBytes?: number; maxEntries?: number } = {}) {
  const bytes = await tarOf(entries);
  const target = join(directory, "fs");
  execFileSync("mkdir", ["-p", target]);
  const tar = Readable.from([bytes], { objectMode: false });
  const result = await unpackLayer({ tar, target, ...limits });
  expect(result.diffId).toBe(digestOf(bytes));
  return { target, result };
}

describe.skipIf(!isRoot)("unpacking a layer", () => {
  test("keeps content, owners, modes with setuid, times, symbolic and hard links", async () => {
    const mtime = new Date(1_600_000_000_000);
    const { target } = await unpack([
      { name: "bin/", type: "directory", mode: 0o1777, mtime },
      { name: "bin/su", content: "binary", mode: 0o4755, uid: 10, gid: 20, mtime },
      { name: "bin/doas", type: "link", linkname: "bin/su" },
      { name: "sh", type: "symlink", linkname: "/bin/su" },
      { name: "deep/er/file", content: "x" },
      { name: "big-owner", content: "y", pax: { uid: "3000000", gid: "3000001" } },
      { name: `long/${"n".repeat(200)}/é`, content: "z" },
    ]);
    const su = statSync(join(target, "bin/su"));
    expect([su.mode & 0o7777, su.uid, su.gid, su.mtimeMs, su.nlink]).toEqual([
      0o4755,
      10,
      20,
      mtime.getTime(),
      2,
    ]);
    const bin = statSync(join(target, "bin"));
    expect([bin.mode & 0o7777, bin.mtimeMs]).toEqual([0o1777, mtime.getTime()]);
    expect(readlinkSync(join(target, "sh"))).toBe("/bin/su");
    expect(statSync(join(target, "deep/er")).mode & 0o7777).toBe(0o755);
    expect(statSync(join(target, "big-owner")).uid).toBe(3_000_000);
    expect(readFileSync(join(target, `long/${"n".repeat(200)}/é`), "utf8")).toBe("z");
  });

  test("keeps what a file may do, byte by byte, and lets no other attribute in", async () => {
    // Version 2, effective, permitted: setuid (7), setpcap (8), sys_time (25) and audit_write (29), and one above 31.
    const value = Buffer.from("010000028001002200000000c200000000000000", "hex");
    const capability = value.toString("latin1");
    const foreign = { "SCHILY.xattr.user.note": "x", "SCHILY.xattr.trusted.evil": "y" };
    const pax = { [CAPABILITY_XATTR]: capability, uid: "3000000", ...foreign };
    const { target } = await unpack([
      { name: `bin/${"n".repeat(200)}`, content: "binary", mode: 0o755, pax },
      { name: "bin/link", type: "symlink", linkname: "x", pax: { [CAPABILITY_XATTR]: capability } },
      { name: "bin/plain", content: "none", mode: 0o755 },
    ]);
    const packed = execFileSync("tar", ["-c", "--xattrs", "--xattrs-include=*", "-C", target, "."]);
    const found = new Map<string, string>();
    const input = extractTar();
    input.end(packed);
    for await (const entry of input) {
      const attributes = Object.entries(entry.header.pax ?? {}).filter(([key]) =>
        key.startsWith("SCHILY.xattr"),
      );
      if (attributes.length > 0) found.set(entry.header.name, JSON.stringify(attributes));
      entry.resume();
    }
    expect([...found]).toEqual([
      [`./bin/${"n".repeat(200)}`, JSON.stringify([[CAPABILITY_XATTR, capability]])],
    ]);
    expect(packed.includes(value)).toBe(true);
    expect(statSync(join(target, `bin/${"n".repeat(200)}`)).uid).toBe(3_000_000);
  });

  test("turns whiteouts into overlay's character devices and opaque directories into its attribute", async () => {
    const { target, result } = await unpack([
      { name: "etc/", type: "directory", mode: 0o700 },
      { name: "etc/.wh.passwd" },
      { name: "etc/.wh..wh..opq" },
      { name: "etc/new", content: "n" },
      { name: ".wh.gone" },
      { name: ".wh..wh.plnk", type: "directory" },
    ]);
    expect(lstatSync(join(target, "gone")).isCharacterDevice()).toBe(true);
    expect(lstatSync(join(target, "gone")).rdev).toBe(0);
    expect(statSync(join(target, "etc")).mode & 0o7777).toBe(0o700);
    expect(readFileSync(join(target, "etc/new"), "utf8")).toBe("n");
    expect(readdirSync(target).sort()).toEqual(["etc", "gone"]);
    expect(result.opaque).toEqual(["etc"]);
    const listing = execFileSync("tar", [
      "-c",
      "--xattrs",
      "--xattrs-include=*",
      "-C",
      target,
      ".",
    ]);
    expect(listing.toString("latin1")).toContain("SCHILY.xattr.trusted.overlay.opaque=y");
  });

  test("makes devices and fifos, and hides what is below when a directory replaces a whiteout", async () => {
    const { target, result } = await unpack([
      { name: "dev/null", type: "character-device", devmajor: 1, devminor: 3, mode: 0o666 },
      { name: "pipe", type: "fifo" },
      { name: ".wh.opt" },
      { name: "opt/", type: "directory" },
    ]);
    expect(lstatSync(join(target, "dev/null")).rdev).toBe(0x103);
    expect(lstatSync(join(target, "pipe")).isFIFO()).toBe(true);
    expect(result.opaque).toEqual(["opt"]);
  });

  test("writes through a symbolic link of the same layer only inside the layer", async () => {
    const { target } = await unpack([
      { name: "escape", type: "symlink", linkname: "../../../../../.." },
      { name: "etc", type: "symlink", linkname: "/usr/etc" },
      { name: "etc/evil", content: "inside" },
      { name: "escape/evil-at-root", content: "inside" },
    ]);
    expect(readFileSync(join(target, "usr/etc/evil"), "utf8")).toBe("inside");
    expect(readFileSync(join(target, "evil-at-root"), "utf8")).toBe("inside");
  });

  test("follows a hard link to a symbolic link as the link it is", async () => {
    const outside = join(directory, "outside");
    const { target } = await unpack([
      { name: "a", type: "symlink", linkname: outside },
      { name: "b", type: "link", linkname: "a" },
      { name: "b/evil", content: "x" },
    ]);
    expect(readdirSync(directory)).toEqual(["fs"]);
    expect(readFileSync(join(target, outside, "evil"), "utf8")).toBe("x");
  });

  const hostile: readonly [string, Entries, string][] = [
    ["a name with ..", [{ name: "../evil", content: "x" }], 'it contains ".."'],
    [
      "a hard link out of the layer",
      [{ name: "p", type: "link", linkname: "/etc/passwd" }],
      "it is a hard link to",
    ],
    [
      "a hard link with ..",
      [{ name: "p", type: "link", linkname: "../../etc/passwd" }],
      'it contains ".."',
    ],
    [
      "a file used as a directory",
      [
        { name: "f", content: "x" },
        { name: "f/g", content: "y" },
      ],
      "is not a directory",
    ],
    ["the whiteout of ..", [{ name: ".wh..." }], "it is not the whiteout of a name"],
    [
      "a loop of links",
      [
        { name: "a", type: "symlink", linkname: "b" },
        { name: "b", type: "symlink", linkname: "a" },
        { name: "a/x", content: "" },
      ],
      "too many symbolic links",
    ],
    [
      "a name that is too long",
      [{ name: "d/".repeat(2100), type: "directory" }],
      "longer than 4096 bytes",
    ],
    [
      "a file in place of a directory",
      [
        { name: "d/f", content: "x" },
        { name: "d", content: "y" },
      ],
      "it replaces a directory",
    ],
  ];
  test.each(hostile)("refuses %s", async (_, entries, message) => {
    await expect(unpack(entries)).rejects.toThrow(message);
    expect(readdirSync(directory)).toEqual(["fs"]);
  });

  test("an absolute name lands inside the layer", async () => {
    const { target } = await unpack([{ name: "/etc/kaji-test-absolute", content: "x" }]);
    expect(readFileSync(join(target, "etc/kaji-test-absolute"), "utf8")).toBe("x");
  });

  test("refuses more entries and more bytes than the limits", async () => {
    const many = Array.from({ length: 11 }, (_, n) => ({ name: `f${n}`, content: "12345678" }));
    await expect(unpack(many, { maxEntries: 10 })).rejects.toThrow("more than 10 entries");
    await expect(unpack(many, { maxBytes: 80 })).rejects.toThrow("unpacks to more than 80 bytes");
  });

  test("says so when the bytes are not a tar or end too early", async () => {
    const target = join(directory, "fs");
    execFileSync("mkdir", ["-p", target]);
    const garbage = Readable.from([Buffer.alloc(2048, 7)], { objectMode: false });
    await expect(unpackLayer({ tar: garbage, target })).rejects.toThrow("not a readable tar");
    const whole = await tarOf([{ name: "f", content: "x".repeat(5000) }]);
    const cut = Readable.from([whole.subarray(0, 3000)], { objectMode: false });
    await expect(unpackLayer({ tar: cut, target })).rejects.toThrow("not a readable tar");
  });
});

test("no sequence of names and links is ever placed outside the layer or below a link", () => {
  const part = fc.constantFrom("a", "b", "c", ".", "", "/");
  const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
  const target = fc
    .array(fc.oneof(part, fc.constant("..")), { maxLength: 5 })
    .map((p) => p.join("/"));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.option(target)), { maxLength: 20 }), (entries) => {
      const paths = createLayerPaths();
      const links = new Set<string>();
      for (const [entry, link] of entries) {
        let path: string;
        try {
          path = paths.place(entry);
        } catch {
          continue; // a loop of links: refused
        }
        const parts = path === "" ? [] : path.split("/");
        expect(parts.every((p) => p !== "" && p !== "." && p !== "..")).toBe(true);
        for (let depth = 1; depth < parts.length; depth++) {
          expect(links.has(parts.slice(0, depth).join("/"))).toBe(false);
        }
        if (path === "") continue;
        for (const parent of paths.missingParents(path)) paths.record(parent, "directory");
        if (link === null) links.delete(path);
        else links.add(path);
        paths.record(path, link === null ? "directory" : "symlink", link ?? undefined);
      }
    }),
  );
});
