import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import type { Event, Pod, PodStatus } from "#api/schema/types";
import { createEventRecorder } from "#node-agent/events/recorder";
import { createImagePuller } from "#node-agent/images/puller";
import type { NodeContext } from "#node-agent/node-context";
import { createNodeRecord } from "#node-agent/observability/node-record";
import { createNodeObjects, type MutableNodeObjects } from "#node-agent/objects";
import { type PodWorker, startPodWorker } from "#node-agent/pod/worker";
import { createAllocations } from "#node-agent/resize/allocations";
import { createRuntimeIndex } from "#node-agent/runtime-index";
import { openRangeBook } from "#node-agent/users/range-book";
import type { ContainerConfig } from "#runtime/runtime";
import { createMemoryNetwork, type MemoryNetwork } from "#test/support/memory-network";
import type { Program } from "#test/support/memory-process";
import { createMemoryRuntime, type MemoryRuntime } from "#test/support/memory-runtime";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock";

/** One node's pod worker with everything around it real but the kernel: for tests of behaviour over time. */
export interface PodBench {
  readonly clock: VirtualClock;
  readonly runtime: MemoryRuntime;
  readonly network: MemoryNetwork;
  readonly objects: MutableNodeObjects;
  readonly context: NodeContext;
  readonly events: Event[];
  readonly gone: string[];
  /** The newest status that was reported. */
  status(): PodStatus | undefined;
  statuses(): readonly PodStatus[];
  start(pod: Pod): PodWorker;
  /** Time passes in small steps until the condition holds; fails after limitMs of it, or ten real seconds. */
  until(what: string, condition: () => boolean, limitMs?: number): Promise<void>;
  reasons(): string[];
  close(): Promise<void>;
}

export async function createPodBench(
  program?: (config: ContainerConfig) => Program,
): Promise<PodBench> {
  const root = await mkdtemp(join(tmpdir(), "kaji-bench-"));
  const clock = createVirtualClock();
  const runtime = createMemoryRuntime({ now: clock.now, ...(program ? { program } : {}) });
  runtime.images.add("web:1");
  const network = createMemoryNetwork();
  const objects = createNodeObjects();
  const events: Event[] = [];
  const statuses: PodStatus[] = [];
  const gone: string[] = [];
  const recorder = createEventRecorder({
    clock,
    nodeName: "node-1",
    send: (event) => void events.push(event),
  });
  const context: NodeContext = {
    nodeName: "node-1",
    runtime,
    index: createRuntimeIndex(runtime),
    network,
    objects,
    users: openRangeBook({
      owner: root,
      rng: seededRng(1),
      directory: join(root, "user-ranges"),
    }),
    images: createImagePuller({ images: runtime.images, objects, events: recorder, clock }),
    events: recorder,
    allocations: createAllocations({ cpuMillis: 2000, memoryBytes: 4 * 2 ** 30 }),
    clock,
    log: silentLog,
    directories: { disk: join(root, "disk"), memory: join(root, "memory") },
    logDirectory: join(root, "logs"),
    seccompDirectory: join(root, "seccomp"),
    hostIp: "192.0.2.1",
    allocatable: { cpuMillis: 2000, memoryBytes: 4 * 2 ** 30 },
    hostResolver: { nameservers: ["192.0.2.53"], searches: [], options: [] },
    record: createNodeRecord(),
    podPidsLimit: 100,
  };
  const workers: PodWorker[] = [];
  return {
    clock,
    runtime,
    network,
    objects,
    context,
    events,
    gone,
    status: () => statuses.at(-1),
    statuses: () => statuses,
    start(pod) {
      const worker = startPodWorker(context, pod, {
        status: (_, status) => void statuses.push(status),
        gone: (ended) => void gone.push(ended.metadata.uid ?? ""),
      });
      runtime.onEvent(() => worker.wake());
      workers.push(worker);
      return worker;
    },
    async until(what, condition, limitMs = 60_000) {
      const endMs = clock.now() + limitMs;
      const deadline = Date.now() + 10_000;
      while (!condition()) {
        if (clock.now() > endMs || Date.now() > deadline) {
          throw new Error(`not within the limit: ${what}; ${JSON.stringify(statuses.at(-1))}`);
        }
        await clock.advance(50);
      }
    },
    reasons: () => events.map((event) => event.reason ?? ""),
    async close() {
      await Promise.all(workers.map((worker) => worker.detach()));
      await rm(root, { recursive: true, force: true });
    },
  };
}
