import { describe, expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { createEventRecorder } from "#node-agent/events/recorder";
import { pullAuths } from "#node-agent/images/pull-secrets";
import { createImagePuller, pullPolicy } from "#node-agent/images/puller";
import { createMemoryImages } from "#test/support/memory-images";
import { testObjects } from "#test/support/node-objects";
import { testPod } from "#test/support/pods";
import { createVirtualClock } from "#test/support/virtual-clock";

const config = (auths: Record<string, unknown>): string => JSON.stringify({ auths });
const basic = Buffer.from("ann:pass:word").toString("base64");
const objects = testObjects({
  secrets: {
    hub: { ".dockerconfigjson": config({ "https://index.docker.io/v1/": { auth: basic } }) },
    team: {
      ".dockerconfigjson": config({
        "registry.example:5000": { username: "bob", password: "x" },
        "registry.example:5000/team": { username: "carol", password: "y" },
      }),
    },
    broken: { ".dockerconfigjson": "{" },
  },
});
const podWith = (...names: string[]) =>
  testPod({ imagePullSecrets: names.map((name) => ({ name })) });

function open() {
  const images = createMemoryImages();
  const events: Event[] = [];
  const clock = createVirtualClock();
  const recorder = createEventRecorder({
    clock,
    nodeName: "n",
    send: (event) => void events.push(event),
  });
  const puller = createImagePuller({ images, objects, events: recorder, clock });
  return { images, puller, messages: () => events.map(({ message }) => message) };
}

describe("pull secrets", () => {
  test.each([
    ["nginx", ["hub"], ["ann"]],
    ["docker.io/library/nginx:1", ["hub"], ["ann"]],
    ["registry.example:5000/team/app:1", ["team"], ["carol", "bob"]],
    ["registry.example:5000/other", ["team"], ["bob"]],
    ["quay.io/x/y", ["hub", "team"], []],
    ["nginx", ["missing"], []],
  ])("for %s from %j: %j", (image, secrets, users) => {
    const auths = pullAuths(podWith(...secrets), image, objects);
    expect(auths.map(({ username }) => username)).toEqual(users);
  });

  test("a password may contain a colon", () => {
    expect(pullAuths(podWith("hub"), "nginx", objects)[0]).toEqual({
      username: "ann",
      password: "pass:word",
    });
  });

  test("one that is no docker configuration is named", () => {
    expect(() => pullAuths(podWith("broken"), "nginx", objects)).toThrow(
      'imagePullSecret "broken"',
    );
  });
});

describe("pulling", () => {
  test.each([
    ["web", undefined, "Always"],
    ["web:latest", undefined, "Always"],
    ["registry:5000/web", undefined, "Always"],
    ["web:1", undefined, "IfNotPresent"],
    [`web@sha256:${"0".repeat(64)}`, undefined, "IfNotPresent"],
    ["web", "Never", "Never"],
  ])("%s with policy %s: %s", (image, imagePullPolicy, policy) => {
    const own = imagePullPolicy ? { imagePullPolicy } : {};
    expect(pullPolicy({ name: "web", image, ...own })).toBe(policy);
  });

  test("what is present is not pulled", async () => {
    const { images, puller, messages } = open();
    images.add("web:1");
    await puller.ensure(testPod(), { name: "web", image: "web:1" });
    expect(images.pulls).toEqual([]);
    expect(messages()).toEqual(['Container image "web:1" already present on machine']);
  });

  test("what two pods want at once is pulled once", async () => {
    const { images, puller, messages } = open();
    images.registry.add("web:1");
    const container = { name: "web", image: "web:1" };
    await Promise.all([puller.ensure(testPod(), container), puller.ensure(testPod(), container)]);
    expect(images.pulls).toHaveLength(1);
    expect(messages()).toContain(
      'Successfully pulled image "web:1" in 0ms (0ms including waiting). Image size: 1234 bytes.',
    );
  });

  test("a pull that fails says so and has the reason ErrImagePull", async () => {
    const { puller, messages } = open();
    const pulling = puller.ensure(testPod(), { name: "web", image: "no:1" });
    await expect(pulling).rejects.toMatchObject({
      reason: "ErrImagePull",
      message: "no:1: not found",
    });
    expect(messages()).toEqual([
      'Pulling image "no:1"',
      'Failed to pull image "no:1": no:1: not found',
    ]);
  });

  test("Never does not pull", async () => {
    const { puller } = open();
    const container = { name: "web", image: "no:1", imagePullPolicy: "Never" };
    await expect(puller.ensure(testPod(), container)).rejects.toMatchObject({
      reason: "ErrImageNeverPull",
      message: 'Container image "no:1" is not present with pull policy of Never',
    });
  });
});
