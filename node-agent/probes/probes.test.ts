import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Container, Probe } from "#api/schema/types";
import { probeTypes } from "#node-agent/probes/index";
import {
  initialProgress,
  judge,
  nextDelayMs,
  type ProbeKind,
  timingOf,
} from "#node-agent/probes/schedule";

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === "/ok" ? 204 : request.url === "/moved" ? 302 : 500;
    if (request.url !== "/hangs") response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function check(probe: Probe, container: Partial<Container> = {}) {
  const type = probeTypes.find((each) => each.matches(probe));
  return type?.check(probe, {
    ip: "127.0.0.1",
    container: { name: "web", ...container },
    timeoutMs: 300,
    signal: new AbortController().signal,
    exec: async ([word]) => ({
      exitCode: word === "true" ? 0 : 1,
      output: "no",
      isTimedOut: word === "slow",
    }),
  });
}

describe("probes", () => {
  test.each([
    ["/ok", true, ""],
    ["/moved", true, ""],
    ["/broken", false, "HTTP probe failed with statuscode: 500"],
  ])("httpGet %s", async (path, isSuccess, output) => {
    expect(await check({ httpGet: { path, port } })).toEqual({ isSuccess, output });
  });

  test("httpGet finds a port by its name", async () => {
    const ports = [{ name: "http", containerPort: port }];
    expect(await check({ httpGet: { path: "/ok", port: "http" } }, { ports })).toMatchObject({
      isSuccess: true,
    });
  });

  test("httpGet that gets no answer in time fails and says so", async () => {
    const result = await check({ httpGet: { path: "/hangs", port } });
    expect(result?.isSuccess).toBe(false);
    expect(result?.output).toContain("context deadline exceeded");
  });

  test("tcpSocket connects, or says who refused", async () => {
    expect(await check({ tcpSocket: { port } })).toEqual({ isSuccess: true, output: "" });
    expect(await check({ tcpSocket: { port: 1 } })).toEqual({
      isSuccess: false,
      output: "dial tcp 127.0.0.1:1: connect: connection refused",
    });
  });

  test("grpc fails where nobody speaks it", async () => {
    expect(await check({ grpc: { port } })).toMatchObject({ isSuccess: false });
  });

  test("exec goes by the exit code and by time", async () => {
    expect(await check({ exec: { command: ["true"] } })).toMatchObject({ isSuccess: true });
    expect(await check({ exec: { command: ["false"] } })).toEqual({
      isSuccess: false,
      output: "no",
    });
    const slow = await check({ exec: { command: ["slow"] } });
    expect(slow?.output).toBe('command timed out: "slow" timed out after 0.3s');
  });
});

/** Answers one after another, a period apart; the verdict after each. */
function verdicts(kind: ProbeKind, probe: Probe, answers: string): string[] {
  const timing = timingOf(probe);
  let nowMs = 0;
  let progress = initialProgress(kind === "liveness" ? "success" : "unknown", nowMs, timing);
  return answers.split("").map((answer) => {
    nowMs += timing.periodMs;
    progress = judge(kind, progress, answer === "+", nowMs, timing).progress;
    return progress.verdict;
  });
}

describe("a probe's verdict", () => {
  test.each([
    ["liveness", {}, "--+---", ["success", "success", "success", "success", "success", "failure"]],
    ["readiness", {}, "-+---+", ["unknown", "success", "success", "success", "failure", "success"]],
    ["readiness", { successThreshold: 2 }, "++-+", ["unknown", "success", "success", "success"]],
    ["startup", { failureThreshold: 2 }, "--", ["unknown", "failure"]],
    ["startup", { failureThreshold: 9 }, "-+", ["unknown", "success"]],
  ] as [ProbeKind, Probe, string, string[]][])(
    "%s %j after %s",
    (kind, probe, answers, expected) => {
      expect(verdicts(kind, probe, answers)).toEqual(expected);
    },
  );

  test("asking early and often brings only good news", () => {
    const probe: Probe = { httpGet: { port: 80 }, failureThreshold: 1, periodSeconds: 10 };
    const timing = timingOf(probe);
    let progress = initialProgress("unknown", 0, timing);
    const delays: number[] = [];
    let nowMs = 0;
    while (nowMs < 5_000) {
      const delayMs = nextDelayMs("startup", probe, progress, timing);
      delays.push(delayMs);
      nowMs += delayMs;
      progress = judge("startup", progress, false, nowMs, timing).progress;
    }
    expect(delays.slice(0, 5)).toEqual([0, 10, 20, 40, 80]);
    expect(progress.verdict).toBe("unknown");
    expect(judge("startup", progress, true, nowMs, timing).progress.verdict).toBe("success");
    expect(judge("startup", progress, false, 10_000, timing).progress.verdict).toBe("failure");
  });

  test("a liveness probe keeps its period from the start", () => {
    const probe: Probe = { httpGet: { port: 80 }, initialDelaySeconds: 3 };
    const timing = timingOf(probe);
    const first = initialProgress("success", 0, timing);
    expect(nextDelayMs("liveness", probe, first, timing)).toBe(3_000);
    const { progress } = judge("liveness", first, true, 3_000, timing);
    expect(nextDelayMs("liveness", probe, progress, timing)).toBe(10_000);
  });
});
