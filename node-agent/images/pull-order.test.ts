import { describe, expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { createEventRecorder } from "#node-agent/events/recorder";
import type { FoundImage } from "#node-agent/images/node-images";
import { createImagePuller } from "#node-agent/images/puller";
import { createMemoryImages } from "#test/support/memory-images";
import { testObjects } from "#test/support/node-objects";
import { testPod } from "#test/support/pods";
import { createVirtualClock } from "#test/support/virtual-clock";

const auths = { "registry.example": { username: "ann", password: "x" } };
const objects = testObjects({
  secrets: { team: { ".dockerconfigjson": JSON.stringify({ auths }) } },
});

/** The other nodes have what is in `elsewhere`. */
function open(elsewhere: readonly string[], from: FoundImage["from"] = { nodeName: "two" }) {
  const images = createMemoryImages();
  const messages: string[] = [];
  const clock = createVirtualClock();
  const events = createEventRecorder({
    clock,
    nodeName: "n",
    send: ({ message = "" }: Event) => void messages.push(message),
  });
  const nodeImages = {
    find: async (reference: string): Promise<FoundImage | undefined> =>
      elsewhere.includes(reference) ? { image: images.add(reference), from } : undefined,
  };
  const puller = createImagePuller({ images, nodeImages, objects, events, clock });
  return { images, puller, messages };
}

const container = (image: string, imagePullPolicy = "IfNotPresent") => ({
  name: "web",
  image,
  imagePullPolicy,
});

describe("where an image comes from", () => {
  test("a node that has it comes before the registry, and the event says which", async () => {
    const { images, puller, messages } = open(["web:1"]);
    images.registry.add("web:1");
    await puller.ensure(testPod(), container("web:1"));
    expect(images.pulls).toEqual([]);
    expect(messages.at(-1)).toBe(
      'Successfully pulled image "web:1" in 0ms (0ms including waiting). ' +
        "Image size: 1234 bytes. It came from node two.",
    );
  });

  test("a name that says its registry means what that registry has, and a node's only where it has nothing", async () => {
    const { images, puller, messages } = open(["localhost:5000/web:1", "localhost:5000/web:2"]);
    images.registry.add("localhost:5000/web:1");
    await puller.ensure(testPod(), container("localhost:5000/web:1"));
    expect(messages.at(-1)).not.toContain("from node");
    await puller.ensure(testPod(), container("localhost:5000/web:2"));
    expect(messages.at(-1)).toContain("from node two");
  });

  test("what no node has comes from the registry", async () => {
    const { images, puller } = open([]);
    images.registry.add("web:1");
    await puller.ensure(testPod(), container("web:1"));
    expect(images.pulls).toHaveLength(1);
  });

  test("what is present, or never to be pulled, is asked of nobody", async () => {
    const { images, puller } = open(["web:2"]);
    images.add("web:1");
    await puller.ensure(testPod(), container("web:1"));
    const pulling = puller.ensure(testPod(), container("web:2", "Never"));
    await expect(pulling).rejects.toMatchObject({ reason: "ErrImageNeverPull" });
  });

  test("Always with the newest on this very node says that it is present", async () => {
    const { images, puller, messages } = open(["web:1"], "here");
    await puller.ensure(testPod(), container("web:1", "Always"));
    expect(images.pulls).toEqual([]);
    expect(messages.at(-1)).toBe('Container image "web:1" already present on machine');
  });

  test("a pod with a secret for the registry gets it from there, else from a node, else the registry's reason", async () => {
    const pod = testPod({ imagePullSecrets: [{ name: "team" }] });
    const { images, puller, messages } = open(["registry.example/a", "registry.example/b"]);
    images.registry.add("registry.example/a");
    await puller.ensure(pod, container("registry.example/a"));
    expect(messages.at(-1)).not.toContain("from node");
    await puller.ensure(pod, container("registry.example/b"));
    expect(messages.at(-1)).toContain("from node two");
    const pulling = puller.ensure(pod, container("registry.example/c"));
    await expect(pulling).rejects.toThrow("registry.example/c: not found");
  });
});
