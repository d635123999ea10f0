import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import type { ContainerImage } from "#api/schema/types";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { createNodeImages, type NodeImages } from "#node-agent/images/node-images";
import { createImageServer } from "#node-agent/images/serve-image";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";
import { tarOf } from "#runtime/images/snapshots/tar-fixtures";
import {
  boundPod,
  type GatewayBench,
  startGatewayBench,
  type TestAgent,
} from "#test/contract/node-protocol-fixture";
import { eventually } from "#test/support/host";

/** Nodes with image stores of their own, at real gateways. */
interface ImageNode {
  readonly store: ImageStore;
  readonly found: NodeImages;
  readonly agent: TestAgent;
}

let bench: GatewayBench;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "kaji-node-images-"));
  bench = await startGatewayBench();
});
afterEach(async () => {
  await bench.close();
  rmSync(directory, { recursive: true, force: true });
});

async function startNode(
  name: string,
  {
    port,
    ...own
  }: { readonly port?: number } & Partial<Parameters<GatewayBench["connect"]>[1]> = {},
): Promise<ImageNode> {
  const store = createImageStore({
    root: join(directory, name),
    log: silentLog,
    clock: systemClock,
  });
  const onImageStream = createImageServer(store);
  const agent = await bench.connect(name, { onImageStream, ...own, ...(port ? { port } : {}) });
  await eventually("the agent gets its full state", () => agent.services.length > 0);
  const fetch = agent.session.fetchImage.bind(agent.session);
  return { store, agent, found: createNodeImages({ images: store, fetch }) };
}

/** Resolves when the control plane knows of it. */
async function importOn(node: ImageNode, name: string, content: string): Promise<string> {
  const stream = Readable.from([gzipSync(await tarOf([{ name: "etc/name", content }]))]);
  const [image] = await node.store.import({ stream }, { reference: name, config: { Cmd: ["x"] } });
  if (!image) throw new Error("nothing was imported");
  const { id, references, sizeBytes } = image;
  await report(node, [{ names: [id, ...references], sizeBytes }]);
  return id;
}

async function report({ agent }: ImageNode, images: ContainerImage[]): Promise<void> {
  agent.session.reportNode({ images });
  const wanted = JSON.stringify(images);
  await eventually("the images are known", async () => {
    const nodes = await bench.api.client.list(nodeKind);
    return nodes.items.some(({ status }) => JSON.stringify(status?.images) === wanted);
  });
}

/** A pod of the node uses the image. */
async function use(nodeName: string, node: ImageNode, image: string): Promise<void> {
  const pod = boundPod(`uses-${nodeName}`, nodeName);
  const containers = [{ name: "main", image }];
  await bench.api.client.create(podKind, { ...pod, spec: { nodeName, containers } });
  await eventually("the pod is known", () => (node.agent.desired.at(-1)?.pods.size ?? 0) > 0);
}

describe("an image that no registry has", () => {
  test("comes from the node that has it to the one whose pod names it", async () => {
    const [one, two] = [await startNode("n1"), await startNode("n2")];
    const id = await importOn(one, "app:1", "one".repeat(100_000));
    await use("n2", two, "app:1");
    const found = await two.found.find("app:1");
    expect(found).toMatchObject({ image: { id }, from: { nodeName: "n1" } });
    expect((await two.store.status("docker.io/library/app:1"))?.id).toBe(id);
    expect((await two.found.find("app:1"))?.from).toBe("here");
  });

  test("comes across servers", async () => {
    const other = await bench.startOther();
    const one = await startNode("n1");
    const two = await startNode("n2", { port: other.port });
    const id = await importOn(one, "app:1", "one");
    await use("n2", two, "app:1");
    const found = await eventually("the lease says where n1 is", () =>
      two.found.find("app:1").catch(() => undefined),
    );
    expect(found).toMatchObject({ image: { id }, from: { nodeName: "n1" } });
  });

  test("is the newest of several under one name, also when this node has an older one", async () => {
    const [one, two] = [await startNode("n1"), await startNode("n2")];
    const three = await startNode("n3");
    await importOn(three, "app:1", "oldest");
    await importOn(one, "app:1", "older");
    const id = await importOn(two, "app:1", "newest");
    await use("n3", three, "app:1");
    const found = await three.found.find("app:1");
    expect(found).toMatchObject({ image: { id }, from: { nodeName: "n2" } });
    await use("n2", two, "app:1");
    expect(await two.found.find("app:1")).toMatchObject({ image: { id }, from: "here" });
  });

  test("is not given to a node whose pods do not name it", async () => {
    const [one, two] = [await startNode("n1"), await startNode("n2")];
    await importOn(one, "app:1", "one");
    await expect(two.found.find("app:1")).rejects.toThrow(
      'no pod that is assigned to node n2 names the image "app:1"',
    );
    await use("n2", two, "app:2");
    await expect(two.found.find("app:1")).rejects.toThrow("no pod that is assigned to node n2");
  });

  test("is left to the registry when nobody has it, or has it from there, or has gone", async () => {
    const [one, two] = [await startNode("n1"), await startNode("n2")];
    await use("n2", two, "app:1");
    expect(await two.found.find("app:1")).toBeUndefined();
    const name = "docker.io/library/app";
    await report(one, [{ names: [`${name}@sha256:${"a".repeat(64)}`, `${name}:1`], sizeBytes: 1 }]);
    expect(await two.found.find("app:1")).toBeUndefined();
    // What it says it has and does not have any more.
    await report(one, [{ names: [`sha256:${"a".repeat(64)}`, `${name}:1`], sizeBytes: 1 }]);
    expect(await two.found.find("app:1")).toBeUndefined();
    await importOn(one, "app:1", "one");
    await one.agent.session.close();
    await eventually("n1 is gone", () => !bench.gateway.isConnected("n1"));
    expect(await two.found.find("app:1")).toBeUndefined();
  });

  test("is refused whole when the giver breaks off or sends other bytes, and comes the next time", async () => {
    let ending: "break" | "alter" | "whole" = "break";
    const one = await startNode("n1", {
      async onImageStream(request, stream) {
        let sent = 0;
        await createImageServer(one.store)(request, {
          chunks: stream.chunks,
          signal: stream.signal,
          async send(chunk) {
            if (chunk.type !== "data" || chunk.channel !== 1) return stream.send(chunk);
            sent += chunk.bytes.length;
            if (ending === "break" && sent > 3_000) throw new Error("the disk is gone");
            const isAltered = ending === "alter" && sent > 3_000;
            const bytes = isAltered ? Buffer.from(chunk.bytes).fill(7, 0, 9) : chunk.bytes;
            return stream.send({ ...chunk, bytes });
          },
        });
      },
    });
    const two = await startNode("n2");
    const id = await importOn(one, "app:1", randomText());
    await use("n2", two, "app:1");
    await expect(two.found.find("app:1")).rejects.toThrow("the disk is gone");
    ending = "alter";
    await expect(two.found.find("app:1")).rejects.toThrow();
    expect(readdirSync(join(two.store.root, "tmp"))).toEqual([]);
    expect(readdirSync(join(two.store.root, "blobs/sha256"))).toEqual([]);
    ending = "whole";
    expect((await two.found.find("app:1"))?.image.id).toBe(id);
  });

  test("is given up at once by both ends when the receiver goes away in the middle", async () => {
    let ended: (() => void) | undefined;
    const givenUp = new Promise<void>((resolve) => (ended = resolve));
    const one = await startNode("n1", {
      async onImageStream(request, stream) {
        stream.signal.addEventListener("abort", () => ended?.(), { once: true });
        await createImageServer(one.store)(request, stream);
        await givenUp;
      },
    });
    const two = await startNode("n2");
    await importOn(one, "app:1", randomText());
    await use("n2", two, "app:1");
    const { platform } = two.store.transfer;
    const fetched = await two.agent.session.fetchImage({ reference: "app:1", platform });
    expect(fetched?.nodeName).toBe("n1");
    fetched?.cancel();
    await givenUp;
  });
});

/** Larger than what is under way between the two ends. */
function randomText(): string {
  return Array.from({ length: 400_000 }, () => Math.random().toString(36).slice(2)).join("");
}
