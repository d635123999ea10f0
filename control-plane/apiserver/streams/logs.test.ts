import { describe, expect, test } from "vitest";
import type { ContainerState, Pod } from "#api/schema/types";
import { parseLogOptions } from "#control-plane/apiserver/streams/log-options";
import { checkHasLogs } from "#control-plane/apiserver/streams/logs";
import { containerOf } from "#control-plane/apiserver/streams/target";

function podWith(names: string[], state: ContainerState = {}, lastState: ContainerState = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web" },
    spec: { containers: names.map((name) => ({ name })), initContainers: [{ name: "setup" }] },
    status: {
      containerStatuses: names.map((name) => ({
        name,
        image: "",
        imageID: "",
        ready: false,
        restartCount: 0,
        state,
        lastState,
      })),
    },
  };
}

describe("which container", () => {
  test("the only one is the default, and several must be told apart", () => {
    expect(containerOf(podWith(["a"]), "")).toBe("a");
    expect(() => containerOf(podWith(["a", "b"]), "")).toThrow(
      "a container name must be specified for pod web, choose one of: [a b] or one of the init containers: [setup]",
    );
    expect(() => containerOf(podWith(["a"]), "x")).toThrow("container x is not valid for pod web");
    expect(containerOf(podWith(["a", "b"]), "setup")).toBe("setup");
  });
});

describe("whether there can be a log", () => {
  const at = 'container "a" in pod "web"';
  test.each([
    [{ waiting: { reason: "ContainerCreating" } }, `${at} is waiting to start: ContainerCreating`],
    [{ waiting: { reason: "ImagePullBackOff" } }, "trying and failing to pull image"],
    [{}, `${at} is waiting to start - no logs yet`],
  ])("%j", (state, message) => {
    expect(() => checkHasLogs(podWith(["a"], state), "a", false)).toThrow(message);
  });

  test("previous needs a container that has ended", () => {
    const running = { running: {} };
    expect(() => checkHasLogs(podWith(["a"], running), "a", true)).toThrow(
      `previous terminated ${at} not found`,
    );
    const ended = { terminated: { exitCode: 1 } };
    expect(() => checkHasLogs(podWith(["a"], running, ended), "a", true)).not.toThrow();
  });
});

describe("log options", () => {
  const parse = (query: string) => parseLogOptions(new URLSearchParams(query), "web", 60_000);

  test("sinceSeconds becomes a time", () => {
    expect(parse("sinceSeconds=10&tailLines=0&follow=true")).toEqual({
      follow: true,
      previous: false,
      timestamps: false,
      tailLines: 0,
      sinceTime: "1970-01-01T00:00:50.000Z",
    });
  });

  test("what makes no sense is refused by field", () => {
    expect(() => parse("tailLines=-1")).toThrow(
      'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(() => parse("limitBytes=0")).toThrow(
      "limitBytes: Invalid value: 0: must be greater than 0",
    );
    expect(() => parse("tailLines=x")).toThrow("invalid syntax");
    expect(() => parse("sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z")).toThrow("at most one of");
  });
});
