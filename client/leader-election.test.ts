import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Kind } from "#api/machinery/define-kind";
import type { Lease } from "#api/schema/types";
import { createClient } from "#client/api-client";
import { runLeaderElection } from "#client/leader-election";
import type { Transport } from "#client/transport";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { FakeApi, noteKind } from "#test/support/fake-api";
import { ManualClock } from "#test/support/manual-clock";

/** The fake API stores any object; leader election needs no more of the kind than its path. */
const leaseKind = noteKind as unknown as Kind<Lease>;

describe("leader election", () => {
  let api: FakeApi;
  let clock: ManualClock;
  let leaders: Set<string>;
  const aborts: AbortController[] = [];
  const running: Promise<void>[] = [];
  beforeEach(() => {
    api = new FakeApi();
    clock = new ManualClock();
    leaders = new Set();
  });
  afterEach(async () => {
    for (const abort of aborts.splice(0)) abort.abort();
    await Promise.all(running.splice(0));
  });

  function candidate(identity: string, transport: Transport = api.transport): AbortController {
    const abort = new AbortController();
    aborts.push(abort);
    const options = {
      client: createClient(transport),
      leaseKind,
      namespace: "kube-system",
      name: "scheduler",
      identity,
      clock,
      log: silentLog,
      signal: abort.signal,
      rng: seededRng(identity.length),
    };
    const lead = async (signal: AbortSignal): Promise<void> => {
      leaders.add(identity);
      expect(leaders.size).toBe(1);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      leaders.delete(identity);
    };
    running.push(runLeaderElection(options, lead));
    return abort;
  }

  test("the first leads, the second waits until the first lets go", async () => {
    const first = candidate("first");
    await clock.runUntil(() => leaders.has("first"));
    candidate("the second");
    const start = clock.now();
    await clock.runUntil(() => clock.now() > start + 60_000);
    expect([...leaders]).toEqual(["first"]);
    first.abort();
    await clock.runUntil(() => leaders.has("the second"));
  });

  test("a leader that cannot renew stops before another takes over", async () => {
    let isCutOff = false;
    candidate("first", (request) =>
      isCutOff ? Promise.reject(new Error("unreachable")) : api.transport(request),
    );
    await clock.runUntil(() => leaders.has("first"));
    candidate("the second");
    isCutOff = true;
    const start = clock.now();
    await clock.runUntil(() => leaders.has("the second"));
    expect(clock.now() - start).toBeGreaterThanOrEqual(10_000);
    // The lease, and one look of the candidate before it: it looks again when what it saw ends.
    expect(clock.now() - start).toBeLessThanOrEqual(15_000 + 4_400 + 100);
  });

  test("a leader whose requests hang stops at the renew deadline", async () => {
    let isHanging = false;
    candidate("first", (request) =>
      isHanging ? new Promise(() => undefined) : api.transport(request),
    );
    await clock.runUntil(() => leaders.has("first"));
    isHanging = true;
    const start = clock.now();
    await clock.runUntil(() => leaders.size === 0);
    expect(clock.now() - start).toBeLessThanOrEqual(12_000);
    // Its last request hangs for ever, and the election with it: nothing to wait for.
    running.length = 0;
  });
});
