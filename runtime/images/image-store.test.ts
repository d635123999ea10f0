import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { geteuid } from "node:process";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";
import { tarOf } from "#runtime/images/snapshots/tar-fixtures";

const isRoot = geteuid?.() === 0;
if (!isRoot) console.warn("skipped: the image store's layers need root");

let directory: string;
let root: string;
let used: Set<string>;
let store: ImageStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kaji-images-"));
  root = join(directory, "images");
  used = new Set();
  store = open();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(): ImageStore {
  return createImageStore({ root, log: silentLog, clock: systemClock, inUse: async () => used });
}

async function importTar(name: string, content: string, from: ImageStore = store) {
  const tar = await tarOf([{ name: "etc/name", content }]);
  const stream = Readable.from([gzipSync(tar)]);
  const [image] = await from.import({ stream }, { reference: name, config: { Cmd: ["/run"] } });
  if (!image) throw new Error("nothing was imported");
  return image;
}

const blobs = (): string[] => readdirSync(join(root, "blobs/sha256"));
const layers = (): string[] => readdirSync(join(root, "layers/sha256"));

describe.skipIf(!isRoot)("the image store", () => {
  test("imports a root file system, finds it by every kind of name, and unpacks it once", async () => {
    const image = await importTar("app:1", "one");
    expect(image.config.cmd).toEqual(["/run"]);
    for (const name of [
      "app:1",
      "docker.io/library/app:1",
      image.id,
      image.id.slice(7),
      image.id.slice(7, 19),
    ]) {
      expect((await store.status(name))?.id).toBe(image.id);
    }
    expect(await store.status("app:2")).toBeUndefined();
    expect(await store.status(`sha256:${"0".repeat(64)}`)).toBeUndefined();
    const [first, second] = await Promise.all([
      store.lowerDirs(image.id),
      open().lowerDirs(image.id),
    ]);
    expect(first).toEqual(second);
    expect(readFileSync(join(first[0] ?? "", "etc/name"), "utf8")).toBe("one");
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("a name belongs to one image: the other stays unnamed until it is pruned", async () => {
    const old = await importTar("app", "old");
    const fresh = await importTar("app", "new");
    expect((await store.status("app"))?.id).toBe(fresh.id);
    expect((await store.status(old.id))?.references).toEqual([]);
    expect(await store.list()).toHaveLength(2);
    const report = await store.prune({});
    expect(report.images).toHaveLength(1);
    expect(report.freedBytes).toBeGreaterThan(0);
    expect((await store.list()).map(({ id }) => id)).toEqual([fresh.id]);
    expect(blobs()).toHaveLength(3);
  });

  test("never removes what containers use, and removes the rest with its blobs and layers", async () => {
    const kept = await importTar("kept", "kept");
    const gone = await importTar("gone", "gone");
    await store.lowerDirs(kept.id);
    await store.lowerDirs(gone.id);
    used.add(kept.id);
    await store.prune({ all: true });
    expect((await store.list()).map(({ id }) => id)).toEqual([kept.id]);
    expect([blobs().length, layers().length]).toEqual([3, 1]);
    await store.remove("kept");
    expect(await store.status("kept")).toBeUndefined();
    expect(await store.lowerDirs(kept.id)).toHaveLength(1);
    used.clear();
    await store.remove(kept.id);
    await store.remove(kept.id);
    expect([await store.list(), blobs(), layers()]).toEqual([[], [], []]);
  });

  test("tag and remove change names; the last name takes the image along", async () => {
    const image = await importTar("a", "x");
    await store.tag("a", "registry.lan:5000/b:2");
    await store.remove("a");
    expect((await store.status(image.id))?.references).toEqual(["registry.lan:5000/b:2"]);
    await store.remove("registry.lan:5000/b:2");
    expect(await store.list()).toEqual([]);
    await expect(store.tag("nothing", "b")).rejects.toMatchObject({ code: "NotFound" });
  });

  test("knows which bytes images share", async () => {
    await importTar("a", "same");
    await store.tag("a", "b");
    mkdirSync(join(directory, "context"));
    writeFileSync(join(directory, "context/Dockerfile"), "FROM a\nCOPY Dockerfile /\n");
    await store.build({ contextDir: join(directory, "context"), tags: ["child"], pulls: "never" });
    const usage = await store.diskUsage();
    expect(usage.images).toHaveLength(2);
    for (const { sharedBytes, uniqueBytes } of usage.images) {
      expect(sharedBytes).toBeGreaterThan(0);
      expect(uniqueBytes).toBeGreaterThan(0);
    }
    expect(usage.reclaimableBytes).toBe(0);
  });

  test("two stores on one root may write at the same time", async () => {
    const other = open();
    const names = Array.from({ length: 6 }, (_, n) => `app-${n}`);
    await Promise.all(names.map((name, n) => importTar(name, name, n % 2 === 0 ? store : other)));
    const listed = (await open().list()).flatMap(({ references }) => references).sort();
    expect(listed).toEqual(names.map((name) => `docker.io/library/${name}:latest`));
  });

  test("removes what a killed process left in tmp, but not while another is writing", async () => {
    mkdirSync(join(root, "tmp"), { recursive: true });
    writeFileSync(join(root, "tmp/left-over"), "x");
    const writer = spawn("flock", [
      "--no-fork",
      "--shared",
      join(root, "use.lock"),
      "sh",
      "-c",
      "echo; exec cat",
    ]);
    await once(writer.stdout, "data");
    await importTar("a", "a");
    expect(readdirSync(join(root, "tmp"))).toEqual(["left-over"]);
    writer.stdin.end();
    await once(writer, "exit");
    await importTar("b", "b", open());
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });

  test("says what is wrong with what it is given to import", async () => {
    const file = join(directory, "garbage");
    writeFileSync(file, Buffer.alloc(4096, 1));
    await expect(store.import({ path: file }, { reference: "x" })).rejects.toThrow(
      "cannot be read as a tar archive",
    );
    await expect(store.import({ path: join(directory, "none") }, {})).rejects.toThrow(
      "there is no such file",
    );
    await expect(store.import({ path: directory }, {})).rejects.toThrow("it has no index.json");
    writeFileSync(file, await tarOf([{ name: "f", content: "x" }]));
    await expect(store.import({ path: file }, {})).rejects.toThrow("give the image a name");
    writeFileSync(
      file,
      await tarOf([
        {
          name: "manifest.json",
          content: JSON.stringify([{ Config: "c.json", Layers: ["l.tar"] }]),
        },
      ]),
    );
    await expect(store.import({ path: file }, {})).rejects.toThrow(
      "is incomplete: it does not hold c.json",
    );
    expect(await store.list()).toEqual([]);
  });

  test("refuses an image whose layer is not what its config says", async () => {
    const config = { rootfs: { type: "layers", diff_ids: [`sha256:${"1".repeat(64)}`] } };
    const layer = await tarOf([{ name: "f", content: "x" }]);
    const archive = join(directory, "bad.tar");
    writeFileSync(
      archive,
      await tarOf([
        { name: "c.json", content: JSON.stringify(config) },
        { name: "l.tar", content: layer.toString("latin1") },
        {
          name: "manifest.json",
          content: JSON.stringify([{ Config: "c.json", RepoTags: ["bad:1"], Layers: ["l.tar"] }]),
        },
      ]),
    );
    const [image] = await store.import({ path: archive }, {});
    await expect(store.lowerDirs(image?.id ?? "")).rejects.toThrow(
      "is not what the image's config says",
    );
    expect(readdirSync(join(root, "tmp"))).toEqual([]);
  });
});
