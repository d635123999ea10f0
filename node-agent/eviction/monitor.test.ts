import { afterEach, describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { silentLog } from "#kit/log";
import {
  type EvictionMonitor,
  type EvictionOptions,
  startEvictionMonitor,
} from "#node-agent/eviction/monitor";
import type { Observations } from "#node-agent/eviction/pressure";
import { parseThresholds } from "#node-agent/eviction/thresholds";
import type { MeasuredPod } from "#node-agent/eviction/usage";
import type { PodEnd } from "#node-agent/pod/pod-end";
import { ManualClock } from "#test/support/manual-clock";
import { pod } from "#test/support/workloads";

const MIB = 2 ** 20;

/** A node whose pods use what the test says, and give it back when they end. */
class Lab {
  readonly clock = new ManualClock();
  readonly ended: { name: string; end: PodEnd }[] = [];
  readonly said: string[] = [];
  readonly used = new Map<string, number>();
  readonly pods: Pod[] = [];
  conditionChanges = 0;
  reclaims = 0;
  unusedImages = 0;
  capacity = 1000;
  monitor: EvictionMonitor | undefined;

  add(name: string, use: number, more: Parameters<typeof pod>[1] = {}): void {
    this.pods.push(pod(name, { node: "n", ...more }));
    this.used.set(name, use);
  }

  start(hard: string, more: Partial<EvictionOptions> = {}): void {
    const thresholds = parseThresholds({ hard, soft: "", softGraceMs: new Map(), minReclaim: "" });
    this.monitor = startEvictionMonitor({
      thresholds,
      transitionMs: 300_000,
      maxPodGraceMs: 0,
      clock: this.clock,
      log: silentLog,
      observe: async () => this.observe(),
      measure: async (pods) => pods.map((one) => this.measure(one)),
      pods: () => this.pods.map((one) => this.onNode(one)),
      end: ({ metadata: { name } }, end) => this.ended.push({ name, end }),
      reclaimDisk: async () => {
        this.reclaims++;
        this.unusedImages = 0;
      },
      onConditions: () => this.conditionChanges++,
      say: (reason, message) => this.said.push(`${reason}: ${message}`),
      ...more,
    });
  }

  async run(ms: number): Promise<void> {
    let isOver = false;
    this.clock.after(ms, () => {
      isOver = true;
    });
    await this.clock.runUntil(() => isOver);
  }

  private isEnded(name: string): boolean {
    return this.ended.some((one) => one.name === name);
  }

  private onNode(one: Pod) {
    const isEnded = this.isEnded(one.metadata.name);
    return { uid: one.metadata.uid ?? "", pod: one, isOver: isEnded, isEnding: isEnded };
  }

  private observe(): Observations {
    const living = [...this.used].filter(([name]) => !this.isEnded(name));
    const used = living.reduce((sum, [, use]) => sum + use, 0) + this.unusedImages;
    const left = { available: (this.capacity - used) * MIB, capacity: this.capacity * MIB };
    return new Map([
      ["memory.available", left],
      ["nodefs.available", left],
    ]);
  }

  private measure(one: Pod): MeasuredPod {
    const memoryBytes = (this.used.get(one.metadata.name) ?? 0) * MIB;
    const containers = [{ name: "main", memoryBytes, diskBytes: memoryBytes }];
    const storage = { volumes: new Map(), containers: new Map([["main", memoryBytes]]) };
    return {
      pod: one,
      memoryBytes,
      diskBytes: memoryBytes,
      pids: 1,
      inodes: 1,
      containers,
      storage,
    };
  }
}

let lab = new Lab();
afterEach(async () => {
  await lab.monitor?.close();
  lab = new Lab();
});

describe("a node that runs short of memory", () => {
  test("ends as many pods as it must, the worst first, and one at a time", async () => {
    lab.add("small", 100);
    lab.add("large", 500);
    lab.add("middle", 350);
    lab.start("memory.available<300Mi");
    await lab.run(5_000);
    expect(lab.ended.map(({ name }) => name)).toEqual(["large"]);
    expect(lab.ended[0]?.end).toMatchObject({ reason: "Evicted", graceMs: 0, isDisruption: true });
    expect(lab.said).toEqual(["EvictionThresholdMet: Attempting to reclaim memory"]);
    expect([...(lab.monitor?.conditions() ?? [])]).toEqual(["MemoryPressure"]);
  });

  test("takes no pod that asked for no memory, until the pressure is over for a while", async () => {
    lab.add("large", 900);
    lab.start("memory.available<300Mi");
    await lab.run(1_000);
    expect(lab.monitor?.refusal(pod("new"))?.message).toContain("MemoryPressure");
    await lab.run(320_000);
    expect(lab.monitor?.refusal(pod("new"))).toBeUndefined();
    expect(lab.conditionChanges).toBe(2);
  });

  test("looks more often when memory is nearly gone", async () => {
    lab.add("large", 500);
    lab.start("memory.available<300Mi");
    await lab.run(1_500);
    lab.used.set("large", 800);
    await lab.run(1_500);
    expect(lab.ended.map(({ name }) => name)).toEqual(["large"]);
  });

  test("ends no critical pod, though nothing else is left", async () => {
    lab.add("dns", 900, { spec: { priority: 2_000_000_000 } });
    lab.start("memory.available<300Mi");
    await lab.run(60_000);
    expect(lab.ended).toEqual([]);
  });
});

describe("a node whose disk is full", () => {
  test("frees what nobody uses first, and is content if that is enough", async () => {
    lab.add("writer", 500);
    lab.unusedImages = 400;
    lab.start("nodefs.available<20%");
    await lab.run(60_000);
    expect({ ended: lab.ended, reclaims: lab.reclaims }).toEqual({ ended: [], reclaims: 1 });
    expect([...(lab.monitor?.conditions() ?? [])]).toEqual(["DiskPressure"]);
  });

  test("ends pods when that is not enough", async () => {
    lab.add("writer", 850);
    lab.start("nodefs.available<20%");
    await lab.run(5_000);
    expect(lab.ended.map(({ name }) => name)).toEqual(["writer"]);
    expect(lab.ended[0]?.end.message).toContain(
      "The node was low on resource: ephemeral-storage. ",
    );
  });
});

test("a pod beyond its own limit of local storage ends, though the node has plenty", async () => {
  const resources = { limits: { "ephemeral-storage": "10Mi" } };
  lab.add("greedy", 20, { spec: { containers: [{ name: "main", image: "a", resources }] } });
  lab.add("modest", 5, { spec: { containers: [{ name: "main", image: "a", resources }] } });
  lab.start("memory.available<1Mi");
  await lab.run(1_000);
  expect(lab.ended.map(({ name }) => name)).toEqual(["greedy"]);
});
