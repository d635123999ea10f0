import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { geteuid } from "node:process";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ImageStore } from "#runtime/images/image-store";
import { mediaTypes } from "#runtime/images/oci";
import type { PullProgress } from "#runtime/runtime";
import {
  hasRegistry,
  hasSkopeo,
  type RunningRegistry,
  skopeo,
  startProxy,
  startRegistry,
} from "#test/contract/registry-fixture";
import {
  buildSample,
  bytesIn,
  LAYER_BYTES,
  manifestOf,
  openStore,
  putIndex,
  until,
} from "#test/contract/registry-sample";

const missing = [
  geteuid?.() === 0 ? "" : "root (layers are unpacked)",
  hasRegistry ? "" : "/usr/bin/docker-registry",
  hasSkopeo ? "" : "/usr/bin/skopeo",
].filter((what) => what !== "");
if (missing.length > 0) console.warn(`skipped: the registry contract needs ${missing.join(", ")}`);

/** bcrypt of "secret" for user "kaji", as `htpasswd -nbB` prints it. */
const HTPASSWD = "kaji:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

describe.skipIf(missing.length > 0)("a distribution registry", () => {
  let directory: string;
  let registry: RunningRegistry;
  let origin: ImageStore;
  let store: ImageStore;
  let stores = 0;

  const newStore = (): ImageStore => openStore(join(directory, `store-${stores++}`));

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "kaji-images-"));
    registry = await startRegistry(join(directory, "registry"));
    origin = newStore();
    await buildSample(origin, directory);
    await origin.save(["sample"], { format: "oci-directory", to: join(directory, "layout") });
    const from = `oci:${join(directory, "layout")}:docker.io/library/sample:latest`;
    const to = (name: string): string => `docker://${registry.host}/${name}`;
    skopeo("copy", "--dest-tls-verify=false", from, to("sample:oci"));
    skopeo("copy", "--dest-tls-verify=false", "--format", "v2s2", from, to("sample:docker"));
    // From an archive of plain tars, so that skopeo has to compress: it leaves gzip layers as they are.
    await origin.save(["sample"], { format: "docker-archive", to: join(directory, "plain.tar") });
    const plain = `docker-archive:${join(directory, "plain.tar")}`;
    skopeo(
      "copy",
      "--dest-tls-verify=false",
      "--format",
      "oci",
      "--dest-compress-format",
      "zstd",
      plain,
      to("zstd/sample:1"),
    );
  });
  afterAll(async () => {
    await registry.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    store = newStore();
  });

  test("what it gave is offered to no other host, by whatever name; what was built is", async () => {
    const { platform } = store.transfer;
    const name = `${registry.host}/sample:oci`;
    await store.pull(name, {});
    await store.tag(name, "mine:1");
    expect(await store.transfer.offer(name, platform)).toBeUndefined();
    expect(await store.transfer.offer("mine:1", platform)).toBeUndefined();
    expect(await origin.transfer.offer("sample", platform)).toBeDefined();
  });

  const expectSample = async (image: { id: string }, of: ImageStore = store): Promise<void> => {
    const lowers = await of.lowerDirs(image.id);
    expect(lowers).toHaveLength(2);
    expect(readFileSync(join(lowers[0] ?? "", "small"), "utf8")).toBe("small\n");
    expect(statSync(join(lowers[1] ?? "", "big")).size).toBe(LAYER_BYTES);
  };

  test.each(["oci", "docker"])("serves what skopeo pushed as %s", async (tag) => {
    const progress: PullProgress[] = [];
    const reference = `${registry.host}/sample:${tag}`;
    const image = await store.pull(reference, { onProgress: (event) => void progress.push(event) });
    expect(image.references).toEqual([reference]);
    expect(image.repoDigests[0]).toMatch(/sample@sha256:[0-9a-f]{64}$/);
    expect(image.config.env).toContain("KEY=value");
    await expectSample(image);
    expect(progress.filter(({ phase }) => phase === "done")).toHaveLength(2);
    const atEnd = progress.find(
      ({ phase, totalBytes }) => phase === "unpacking" && totalBytes > 1_000_000,
    );
    expect(atEnd?.currentBytes).toBe(atEnd?.totalBytes);
    const byDigest = await newStore().pull(image.repoDigests[0] ?? "", {});
    expect(byDigest.id).toBe(image.id);
    expect(await store.status(image.id)).toEqual(image);
  });

  test("serves zstd layers", async () => {
    const manifest = await manifestOf(registry, "zstd/sample", "1");
    expect(manifest.text).toContain(mediaTypes.ociLayerZstd);
    await expectSample(await store.pull(`${registry.host}/zstd/sample:1`, {}));
  });

  test("serves an index: the entry of this platform is taken, and none fitting is said clearly", async () => {
    const { digest, size } = await manifestOf(registry, "sample", "oci");
    const entry = (architecture: string) => ({
      mediaType: mediaTypes.ociManifest,
      digest,
      size,
      platform: { os: "linux", architecture },
    });
    const host = { x64: "amd64", arm64: "arm64" }[process.arch as string] ?? process.arch;
    await putIndex(registry, "sample", "multi", [entry("s390x"), entry(host)]);
    await putIndex(registry, "sample", "foreign", [entry("s390x"), entry("mips64")]);
    await expectSample(await store.pull(`${registry.host}/sample:multi`, {}));
    await expect(store.pull(`${registry.host}/sample:foreign`, {})).rejects.toMatchObject({
      code: "ImageArchitectureMismatch",
      message: expect.stringContaining(
        "is built for linux/s390x, linux/mips64; this node runs linux/",
      ),
    });
  });

  test("says what is not there and what cannot be reached", async () => {
    await expect(store.pull(`${registry.host}/sample:nope`, {})).rejects.toMatchObject({
      code: "ErrImagePull",
      message: expect.stringContaining("not found"),
    });
    await expect(store.pull("localhost:1/sample", {})).rejects.toMatchObject({
      code: "RegistryUnavailable",
      message: expect.stringContaining("cannot reach the registry localhost:1"),
    });
    await expect(store.pull("Bad Name", {})).rejects.toMatchObject({ code: "InvalidImageName" });
    expect(await store.list()).toEqual([]);
  });

  test("takes a push, which skopeo reads, and uploads nothing twice", async () => {
    const phases: string[] = [];
    await origin.tag("sample", `${registry.host}/pushed/sample:1`);
    const options = { onProgress: ({ phase }: { phase: string }) => void phases.push(phase) };
    const digest = await origin.push(`${registry.host}/pushed/sample:1`, options);
    expect(phases.filter((phase) => phase === "done")).toHaveLength(3);
    const inspected = JSON.parse(
      skopeo("inspect", "--tls-verify=false", `docker://${registry.host}/pushed/sample:1`),
    ) as { Digest: string };
    expect(inspected.Digest).toBe(digest);
    phases.length = 0;
    await origin.push(`${registry.host}/pushed/sample:1`, options);
    expect(phases).toEqual(["exists", "exists", "exists"]);
    phases.length = 0;
    await origin.tag("sample", `${registry.host}/mounted/sample:1`);
    await origin.push(`${registry.host}/mounted/sample:1`, options);
    expect(phases).toEqual(["mounted", "mounted", "mounted"]);
  });

  test("with htpasswd, asks for a user name and a password", async () => {
    const guarded = await startRegistry(join(directory, "guarded"), HTPASSWD);
    try {
      const reference = `${guarded.host}/private/sample:1`;
      const auth = { username: "kaji", password: "secret" };
      await origin.tag("sample", reference);
      await expect(origin.push(reference, {})).rejects.toThrow("may require authorization");
      await origin.push(reference, { auth });
      await expect(
        store.pull(reference, { auth: { username: "kaji", password: "wrong" } }),
      ).rejects.toMatchObject({ code: "ErrImagePull" });
      await expectSample(await store.pull(reference, { auth }));
    } finally {
      await guarded.stop();
    }
  });

  test("with bearer tokens, gets one for the repository and uses it for all requests", async () => {
    let tokens = 0;
    const proxy = await startProxy(registry.port, (incoming, response) => {
      const url = new URL(incoming.url ?? "", "http://proxy");
      if (url.pathname === "/token") {
        const basic = `Basic ${Buffer.from("kaji:secret").toString("base64")}`;
        const isKnown = incoming.headers.authorization === basic;
        if (isKnown) tokens++;
        const scope = url.searchParams.get("scope");
        response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
        response.end(JSON.stringify({ token: `for ${scope}`, expires_in: 300 }));
        return "handled";
      }
      if (incoming.headers.authorization === "Bearer for repository:sample:pull") return undefined;
      const challenge = `Bearer realm="http://${incoming.headers.host}/token",service="test",scope="repository:sample:pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return "handled";
    });
    try {
      const reference = `${proxy.host}/sample:oci`;
      await expect(
        store.pull(reference, { auth: { username: "kaji", password: "no" } }),
      ).rejects.toThrow("failed to authorize");
      await expectSample(
        await store.pull(reference, { auth: { username: "kaji", password: "secret" } }),
      );
      expect(tokens).toBe(1);
      const other = newStore();
      await expectSample(
        await other.pull(reference, { auth: { registryToken: "for repository:sample:pull" } }),
        other,
      );
    } finally {
      await proxy.stop();
    }
  });

  test("that redirects blobs elsewhere does not get the credentials sent there", async () => {
    let leaked: string | undefined;
    const elsewhere = await startProxy(registry.port, (incoming) => {
      leaked = incoming.headers.authorization;
      return undefined;
    });
    const proxy = await startProxy(registry.port, (incoming, response) => {
      if (!incoming.headers.authorization) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
        return "handled";
      }
      if (!incoming.url?.includes("/blobs/")) return undefined;
      response.writeHead(307, { location: `http://${elsewhere.host}${incoming.url}` }).end();
      return "handled";
    });
    try {
      const auth = { username: "kaji", password: "secret" };
      await expectSample(await store.pull(`${proxy.host}/sample:oci`, { auth }));
      expect(elsewhere.requests.length).toBeGreaterThan(0);
      expect(leaked).toBeUndefined();
    } finally {
      await proxy.stop();
      await elsewhere.stop();
    }
  });

  test("that cuts connections is resumed where it broke", async () => {
    const cuts = new Map<string, number>();
    const proxy = await startProxy(registry.port, (incoming) => {
      const url = incoming.url ?? "";
      const count = cuts.get(url) ?? 0;
      if (!url.includes("/blobs/") || count >= 3) return undefined;
      cuts.set(url, count + 1);
      return { cutAfterBytes: 500_000 };
    });
    try {
      await expectSample(await store.pull(`${proxy.host}/sample:oci`, {}));
      expect(proxy.requests.filter((line) => line.includes("bytes=")).length).toBeGreaterThan(0);
    } finally {
      await proxy.stop();
    }
  });

  test("that serves corrupt bytes is refused, and nothing of it stays", async () => {
    const proxy = await startProxy(registry.port, (incoming) =>
      incoming.url?.includes("/blobs/") ? { corrupts: true } : undefined,
    );
    try {
      await expect(store.pull(`${proxy.host}/sample:oci`, {})).rejects.toMatchObject({
        code: "ErrImagePull",
        message: expect.stringContaining("is corrupt"),
      });
      expect(await store.list()).toEqual([]);
      expect(readdirSync(join(store.root, "blobs/sha256"))).toEqual([]);
      expect(readdirSync(join(store.root, "tmp"))).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });

  test("sees one download when many pull the same image, and an aborted one does not disturb the others", async () => {
    const proxy = await startProxy(registry.port, () => undefined);
    try {
      const reference = `${proxy.host}/sample:oci`;
      const abort = new AbortController();
      const aborted = store.pull(reference, {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      const pulls = [
        store.pull(reference, {}),
        store.pull(reference, {}),
        store.pull(reference, {}),
      ];
      await expect(aborted).rejects.toThrow();
      for (const image of await Promise.all(pulls)) await expectSample(image);
      const blobs = proxy.requests.filter((line) => line.includes("/blobs/"));
      // The aborted pull may have begun alone; beyond it each blob is asked for once.
      expect(blobs.length).toBeLessThanOrEqual(6);
    } finally {
      await proxy.stop();
    }
  });

  test("killed in the middle of a pull, the store works and the next pull completes", async () => {
    const proxy = await startProxy(registry.port, (incoming) =>
      isStalling && incoming.url?.includes("/blobs/") ? { stallAfterBytes: 300_000 } : undefined,
    );
    let isStalling = true;
    const root = join(directory, "killed");
    try {
      const reference = `${proxy.host}/sample:oci`;
      const child = spawn(
        process.execPath,
        [
          "--conditions=source",
          "--import",
          "tsx",
          join(import.meta.dirname, "registry-pull-child.ts"),
          root,
          reference,
        ],
        { stdio: "ignore" },
      );
      const exited = new Promise((resolve) => child.once("exit", resolve));
      await until(() => bytesIn(join(root, "tmp")) > 0);
      child.kill("SIGKILL");
      await exited;
      isStalling = false;
      const survivor = openStore(root);
      expect(await survivor.list()).toEqual([]);
      await expectSample(await survivor.pull(reference, {}), survivor);
      expect(readdirSync(join(root, "tmp"))).toEqual([]);
    } finally {
      await proxy.stop();
    }
  });

  test("exchanges docker-archives and OCI archives with skopeo in both directions", async () => {
    const at = (name: string): string => join(directory, name);
    skopeo(
      "copy",
      "--src-tls-verify=false",
      `docker://${registry.host}/sample:oci`,
      `docker-archive:${at("skopeo.tar")}:sample:docker`,
    );
    skopeo(
      "copy",
      "--src-tls-verify=false",
      `docker://${registry.host}/sample:oci`,
      `oci-archive:${at("skopeo-oci.tar")}:sample:oci`,
    );
    const [docker] = await store.import({ path: at("skopeo.tar") }, {});
    expect(docker?.references).toEqual(["docker.io/library/sample:docker"]);
    await expectSample(docker ?? { id: "" });
    const [oci] = await store.import({ path: at("skopeo-oci.tar") }, { reference: "renamed:1" });
    expect(oci?.references).toContain("docker.io/library/renamed:1");
    await store.save(["sample:docker"], { format: "docker-archive", to: at("ours.tar") });
    await store.save(["renamed:1"], { format: "oci-archive", to: at("ours-oci.tar") });
    const inspect = (source: string) =>
      JSON.parse(skopeo("inspect", source)) as { Env: string[]; Layers: string[] };
    for (const source of [
      `docker-archive:${at("ours.tar")}`,
      `oci-archive:${at("ours-oci.tar")}`,
    ]) {
      const inspected = inspect(source);
      expect(inspected.Layers).toHaveLength(2);
      expect(inspected.Env).toContain("KEY=value");
    }
    const again = newStore();
    const [back] = await again.import({ path: at("ours.tar") }, {});
    await expectSample(back ?? { id: "" }, again);
  });
});
