import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { namespaceKind } from "#api/kinds/namespace";
import type { ApiResponse, UserInfo } from "#client/transport";
import {
  createFlowControl,
  FLOW_LIMITS,
  HELD_PER_FLOW,
  type Turn,
} from "#control-plane/apiserver/flow-control/flow-control";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";
import { createVirtualClock } from "#test/support/virtual-clock";

const FLOOD_CLIENTS = 100;
const flood: UserInfo = { name: "flood", groups: ["system:authenticated"] };
const atOnce = (run: () => void): void => run();
const calm: UserInfo = { name: "calm", groups: ["system:authenticated"] };

describe("turns", () => {
  test("a flood of a hundred clients lets at most its own seats run before a calm request is answered", async () => {
    const control = createFlowControl(createVirtualClock(), () => undefined, atOnce);
    const running: Turn[] = [];
    const floods = Array.from({ length: FLOOD_CLIENTS }, async () => {
      running.push(await control.enter(flood));
    });
    await Promise.resolve();
    expect(running).toHaveLength(FLOW_LIMITS.workload.seatsPerFlow);
    // Not even a microtask: there are seats that the flood cannot have.
    expect(control.enter(calm)).not.toBeInstanceOf(Promise);
    for (let ended = 0; ended < FLOOD_CLIENTS; ended++) {
      running.shift()?.leave();
      await Promise.resolve();
      await Promise.resolve();
    }
    await Promise.all(floods);
  });

  test("with every seat taken by floods, a newcomer's request is among the first that start", async () => {
    const control = createFlowControl(createVirtualClock(), () => undefined, atOnce);
    const started: string[] = [];
    const turns: Turn[] = [];
    const ask = async (name: string): Promise<void> => {
      const turn = await control.enter({ name, groups: [] });
      started.push(name);
      turns.push(turn);
    };
    const floods = ["a", "b", "c", "d"];
    const asked = floods.flatMap((name) => Array.from({ length: 50 }, () => ask(name)));
    await Promise.resolve();
    const before = started.length;
    expect(before).toBe(FLOW_LIMITS.workload.seats);
    const own = ask("newcomer");
    for (let ended = 0; ended <= floods.length; ended++) turns.shift()?.leave();
    await own;
    expect(started.length - before).toBeLessThanOrEqual(floods.length + 1);
    while (turns.length > 0) {
      turns.shift()?.leave();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
  });

  test("the cluster's own parts have seats that no flood of users can take", async () => {
    const control = createFlowControl(createVirtualClock(), () => undefined, atOnce);
    const { seats, seatsPerFlow } = FLOW_LIMITS.workload;
    for (let index = 0; index < seats; index++) {
      await control.enter({ name: `user-${Math.floor(index / seatsPerFlow)}`, groups: [] });
    }
    expect(control.enter(calm)).toBeInstanceOf(Promise);
    const ingress: UserInfo = { name: "system:kaji:ingress", groups: ["system:authenticated"] };
    expect(control.enter(ingress)).not.toBeInstanceOf(Promise);
  });

  test("what waits too long, is cancelled or is one too many is answered 429 with a time to come again", async () => {
    const clock = createVirtualClock();
    const control = createFlowControl(clock, () => undefined, atOnce);
    const { seatsPerFlow, waitingPerFlow } = FLOW_LIMITS.workload;
    for (let index = 0; index < seatsPerFlow; index++) await control.enter(flood);
    const gone = new AbortController();
    const cancelled = Promise.resolve(control.enter(flood, gone.signal));
    gone.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 429 });
    const waiting = Array.from({ length: waitingPerFlow }, () =>
      Promise.resolve(control.enter(flood)),
    );
    await expect(Promise.resolve(control.enter(flood))).rejects.toMatchObject({
      code: 429,
      message: "Too many requests, please try again later.",
      status: { details: { retryAfterSeconds: 1 } },
    });
    const outcomes = Promise.allSettled(waiting);
    await clock.advance(15_000);
    expect((await outcomes).every(({ status }) => status === "rejected")).toBe(true);
    expect(clock.step(3_600_000)).toBe(false);
    const text = await control.registry.metrics();
    expect(text).toMatch(
      /rejected_requests_total\{priority_level="workload",reason="queue-full"\} 1/,
    );
    expect(text).toMatch(
      /rejected_requests_total\{priority_level="workload",reason="time-out"\} 128/,
    );
    expect(text).toMatch(/current_inqueue_requests\{priority_level="workload"\} 0/);
  });

  test("a tenant's requests are counted over all its accounts, by the rate of its plan", () => {
    const clock = createVirtualClock();
    const control = createFlowControl(
      clock,
      () => ({ name: "shop", requestsPerSecond: 3 }),
      atOnce,
    );
    const accounts = ["tenant-a:web", "tenant-b:job"];
    const ask = (index: number): void => {
      const name = `system:serviceaccount:${accounts[index % 2]}`;
      (control.enter({ name, groups: [] }) as Turn).leave();
    };
    for (let index = 0; index < 6; index++) ask(index);
    expect(() => ask(0)).toThrow("Too many requests");
    expect(() => ask(1)).toThrow("Too many requests");
  });

  test("open watches are bounded per flow, and one that ends makes room", () => {
    const control = createFlowControl(createVirtualClock(), () => undefined, atOnce);
    const open = Array.from({ length: HELD_PER_FLOW }, () => control.hold(flood));
    expect(() => control.hold(flood)).toThrow("Too many requests");
    expect(() => control.hold(calm)()).not.toThrow();
    open[0]?.();
    open[0]?.();
    control.hold(flood);
    expect(() => control.hold(flood)).toThrow("Too many requests");
  });
});

describe("a server under a flood", () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
    for (const { name } of [flood, calm]) {
      await api.client.create(namespaceKind, {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name },
        spec: {},
      });
    }
  });
  afterEach(() => api.close());

  const ask = (user: UserInfo, path: string, signal?: AbortSignal): Promise<ApiResponse> =>
    api.apiServer.handle({
      method: "GET",
      path,
      query: new URLSearchParams(),
      user,
      ...(signal ? { signal } : {}),
    });

  test("answers a calm user after at most a flow's seats of the flood's requests, each time", async () => {
    const path = "/apis/authorization.k8s.io/v1";
    let answered = 0;
    let isOver = false;
    const clients = Array.from({ length: FLOOD_CLIENTS }, async () => {
      while (!isOver) {
        await ask(flood, path);
        answered++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const between: number[] = [];
    for (let round = 0; round < 50; round++) {
      const before = answered;
      expect((await ask(calm, path)).status).toBe(200);
      between.push(answered - before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    isOver = true;
    await Promise.all(clients);
    expect(answered).toBeGreaterThan(FLOOD_CLIENTS);
    expect(Math.max(...between)).toBeLessThanOrEqual(2 * FLOW_LIMITS.workload.seatsPerFlow);
  });

  test("refuses with a Status that clients know, and shows it by Kubernetes' names", async () => {
    const many = Array.from({ length: 300 }, () => ask(flood, "/apis"));
    const refused = (await Promise.all(many)).filter(({ status }) => status === 429);
    expect(refused).toHaveLength(
      300 - FLOW_LIMITS.workload.seatsPerFlow - FLOW_LIMITS.workload.waitingPerFlow,
    );
    expect(refused[0]).toMatchObject({
      value: { reason: "TooManyRequests", details: { retryAfterSeconds: 1 } },
    });
    const metrics = await api.send({ method: "GET", path: "/metrics" });
    const text = metrics.type === "bytes" ? Buffer.from(metrics.bytes).toString() : "";
    expect(text).toMatch(
      /apiserver_flowcontrol_rejected_requests_total\{priority_level="workload",reason="queue-full"\} 156/,
    );
    expect(text).toContain(
      'apiserver_flowcontrol_nominal_limit_seats{priority_level="system"} 128',
    );
  });

  test("counts the watches that are open, as long as their requests live", async () => {
    const requests = new AbortController();
    const watch = (signal: AbortSignal, query = "watch=true"): Promise<ApiResponse> =>
      api.apiServer.handle({
        method: "GET",
        path: "/apis",
        query: new URLSearchParams(query),
        user: flood,
        signal,
      });
    for (let index = 0; index < HELD_PER_FLOW; index++) await watch(requests.signal);
    expect((await watch(new AbortController().signal)).status).toBe(429);
    for (const query of ["watch", "watch=", "follow=t", "follow=TRUE"]) {
      expect((await watch(new AbortController().signal, query)).status, query).toBe(429);
    }
    requests.abort();
    expect((await watch(new AbortController().signal)).status).toBe(200);
  });

  test("never holds up an administrator or a question of health", async () => {
    const many = Array.from({ length: 500 }, () => ask(flood, "/apis"));
    const health = await ask(flood, "/healthz");
    const admins = await Promise.all(
      Array.from({ length: 300 }, () => api.send({ method: "GET", path: "/apis" })),
    );
    expect([health, ...admins].every(({ status }) => status === 200)).toBe(true);
    await Promise.all(many);
  });
});
