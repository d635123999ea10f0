import {
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Volume } from "#api/schema/types";
import { writeFiles } from "#node-agent/volumes/atomic-files";
import { preparePodVolumes } from "#node-agent/volumes/pod-volumes";
import { bindSubPath, isInside } from "#node-agent/volumes/sub-path";
import { testFacts, testObjects } from "#test/support/node-objects";
import { testPod } from "#test/support/pods";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-volumes-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const files = (texts: Record<string, string>, mode = 0o644) =>
  new Map(
    Object.entries(texts).map(
      ([path, text]) => [path, { bytes: Buffer.from(text), mode }] as const,
    ),
  );
const read = (...path: string[]) => readFile(join(root, ...path), "utf8");

describe("files that change at once", () => {
  test("are seen through one symlink, which is replaced as a whole", async () => {
    expect(await writeFiles(root, files({ a: "1", "d/b": "2" }), undefined)).toBe(true);
    expect(await read("a")).toBe("1");
    expect(await read("d/b")).toBe("2");
    expect(await readlink(join(root, "a"))).toBe("..data/a");
    const before = await readlink(join(root, "..data"));
    expect(await writeFiles(root, files({ a: "1", "d/b": "2" }), undefined)).toBe(false);
    expect(await readlink(join(root, "..data"))).toBe(before);
    expect(await writeFiles(root, files({ a: "3" }), undefined)).toBe(true);
    expect(await read("a")).toBe("3");
    expect((await readdir(root)).filter((name) => !name.startsWith(".."))).toEqual(["a"]);
    expect((await readdir(root)).length).toBe(3);
  });

  test("have the mode that was asked for, and a new mode is a change", async () => {
    await writeFiles(root, files({ a: "1" }, 0o400), undefined);
    expect((await stat(join(root, "a"))).mode & 0o777).toBe(0o400);
    expect(await writeFiles(root, files({ a: "1" }, 0o644), undefined)).toBe(true);
  });

  test.each(["../x", "/x", "a/../../x", "..data", ""])(
    "a path like %j is refused",
    async (path) => {
      await expect(writeFiles(root, files({ [path]: "" }), undefined)).rejects.toThrow(
        "invalid path",
      );
    },
  );
});

const objects = testObjects({
  configMaps: { site: { color: "blue", size: "xl" } },
  secrets: { login: { password: "s3cret" } },
  tokens: { "uid-1/v/token": "t0ken" },
});

async function prepare(volume: Omit<Volume, "name">): Promise<string> {
  const pod = testPod({ volumes: [{ name: "v", ...volume }] }, { labels: { app: "web" } });
  const directories = { disk: join(root, "disk"), memory: join(root, "memory") };
  const paths = await preparePodVolumes({ pod, objects, facts: testFacts, directories });
  return paths.get("v") ?? "";
}

describe("volumes", () => {
  test("a configMap shows the chosen keys under their paths and modes", async () => {
    const items = [{ key: "color", path: "deep/c.txt", mode: 0o600 }];
    const path = await prepare({ configMap: { name: "site", items } });
    expect(await readFile(join(path, "deep/c.txt"), "utf8")).toBe("blue");
    expect((await stat(join(path, "deep/c.txt"))).mode & 0o777).toBe(0o600);
    expect(await readdir(path)).not.toContain("size");
  });

  test("a secret lives in memory", async () => {
    const path = await prepare({ secret: { secretName: "login" } });
    expect(path.startsWith(join(root, "memory"))).toBe(true);
    expect(await readFile(join(path, "password"), "utf8")).toBe("s3cret");
  });

  test("projected sources come together in one directory", async () => {
    const path = await prepare({
      projected: {
        sources: [
          { configMap: { name: "site" } },
          { secret: { name: "login" } },
          { serviceAccountToken: { path: "token" } },
          {
            downwardAPI: {
              items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }],
            },
          },
        ],
      },
    });
    const names = (await readdir(path)).filter((name) => !name.startsWith(".."));
    expect(names.sort()).toEqual(["color", "labels", "password", "size", "token"]);
    expect(await readFile(join(path, "labels"), "utf8")).toBe('app="web"');
    expect(await readFile(join(path, "token"), "utf8")).toBe("t0ken");
  });

  test.each([
    [
      { configMap: { name: "no" } },
      'MountVolume.SetUp failed for volume "v" : configmap "no" not found',
    ],
    [{ secret: { secretName: "no" } }, 'secret "no" not found'],
    [
      { configMap: { name: "site", items: [{ key: "no", path: "x" }] } },
      "configmap references non-existent config key: no",
    ],
    [{ hostPath: { path: "/etc/passwd", type: "Directory" } }, "/etc/passwd is not a directory"],
    [{ nfs: { server: "s", path: "/" } }, "volume type nfs is not supported by this node"],
  ] as [Omit<Volume, "name">, string][])("%j says why it cannot be", async (volume, message) => {
    await expect(prepare(volume)).rejects.toThrow(message);
  });

  test("what is optional may be missing", async () => {
    const path = await prepare({ configMap: { name: "no", optional: true } });
    expect((await readdir(path)).filter((name) => !name.startsWith(".."))).toEqual([]);
  });
});

describe("a subPath", () => {
  test.each(["../out", "/etc"])("like %s is refused", async (subPath) => {
    await expect(bindSubPath(root, subPath, join(root, "t"))).rejects.toThrow("must be relative");
  });

  test("that is a symlink out of its volume is refused", async () => {
    await symlink("/etc", join(root, "link"));
    await writeFile(join(root, "plain"), "");
    const target = join(root, "target");
    await expect(bindSubPath(root, "link/passwd", target)).rejects.toThrow(
      "leads out of its volume",
    );
  });

  test.each([
    ["/", "/", true],
    ["/", "/etc/hosts", true],
    ["/data", "/data", true],
    ["/data", "/data/a", true],
    ["/data", "/data/..a", true],
    ["/data", "/database", false],
    ["/data", "/", false],
    ["/data", "/etc", false],
  ])("of the volume %s that leads to %s is inside: %s", (volume, path, isWithin) => {
    expect(isInside(volume, path)).toBe(isWithin);
  });
});
