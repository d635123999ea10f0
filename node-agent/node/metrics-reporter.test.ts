import { describe, expect, test } from "vitest";
import { silentLog } from "#kit/log";
import { createMetricsReporter } from "#node-agent/node/metrics-reporter";
import { ManualClock } from "#test/support/manual-clock";
import { createMemoryRuntime } from "#test/support/memory-runtime";

interface NodeMetrics {
  readonly window: string;
}

function rig() {
  const clock = new ManualClock();
  const sent: { readonly atMs: number; readonly windowSeconds: number }[] = [];
  const beganMs = clock.now();
  const reporter = createMetricsReporter({
    ...{
      nodeName: "node-1",
      runtime: createMemoryRuntime({ now: () => clock.now() }),
      clock,
      log: silentLog,
    },
    send(node) {
      const windowSeconds = Number.parseFloat((node as NodeMetrics).window);
      sent.push({ atMs: clock.now() - beganMs, windowSeconds });
    },
  });
  const pass = async (ms: number): Promise<void> => {
    let isOver = false;
    clock.after(ms, () => (isOver = true));
    await clock.runUntil(() => isOver);
  };
  return { reporter, sent, pass };
}

describe("an agent that is asked for its metrics", () => {
  test("reports every ten seconds while they are wanted, and then no more", async () => {
    const { reporter, sent, pass } = rig();
    reporter.wanted(60_000);
    await pass(10 * 60_000);
    expect(sent.map(({ windowSeconds }) => windowSeconds)).toEqual([1, 10, 10, 10, 10, 10, 10]);
  });

  test("once reports once: the mean since it looked last", async () => {
    const { reporter, sent, pass } = rig();
    for (let i = 0; i < 3; i++) {
      reporter.wanted(0);
      await pass(120_000);
    }
    expect(sent.map(({ windowSeconds }) => windowSeconds)).toEqual([1, 119, 120]);
  });

  test("once looks anew where its last look is long ago", async () => {
    const { reporter, sent, pass } = rig();
    reporter.wanted(0);
    await pass(20 * 60_000);
    reporter.wanted(0);
    await pass(10_000);
    expect(sent.map(({ windowSeconds }) => windowSeconds)).toEqual([1, 1]);
  });

  test("for a while begins with a short look, however long ago it looked last", async () => {
    const { reporter, sent, pass } = rig();
    reporter.wanted(0);
    await pass(120_000);
    reporter.wanted(60_000);
    await pass(5_000);
    expect(sent.map(({ windowSeconds }) => windowSeconds)).toEqual([1, 1]);
  });
});
