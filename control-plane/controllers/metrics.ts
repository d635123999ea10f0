import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Workqueue } from "#client/workqueue";

/** How a look at an object ended. */
export type ReconcileResult = "success" | "requeue_after" | "conflict" | "error";

/** What controllers say of their work, by the names of client-go's workqueue and of controller-runtime. */
export interface ControllerMetrics {
  readonly registry: Registry;
  /** The queue of a controller, counted from its beginning. */
  counted(controller: string, make: MakeQueue): Workqueue;
  /** An object is looked at; the function that is given ends it. */
  reconcile(controller: string): (result: ReconcileResult) => void;
  /** Whether this process has the duty of that name now. */
  leads(lease: string, isLeading: boolean): void;
}

/** The queue tells of each key that is added. */
type MakeQueue = (onAdd: (key: string) => void) => Workqueue;

/** Keys whose waiting is timed; the wait of one that came beyond them is not. */
const MAX_TIMED_KEYS = 16_384;
const BUCKETS = [0.001, 0.01, 0.1, 0.5, 1, 5, 30, 120];

export function createControllerMetrics(): ControllerMetrics {
  const registry = new Registry();
  const registers = [registry];
  const queues = queueMetrics(registers);
  const results = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Looks at an object, by how they ended.",
    labelNames: ["controller", "result"],
    registers,
  });
  const durations = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "From the look at an object to the end of what followed from it, in seconds.",
    labelNames: ["controller"],
    buckets: BUCKETS,
    registers,
  });
  const leading = new Gauge({
    name: "leader_election_master_status",
    help: "1: this server has the duty; 0: another one has it.",
    labelNames: ["name"],
    registers,
  });
  return {
    registry,
    leads: (name, isLeading) => leading.set({ name }, Number(isLeading)),
    counted: queues,
    reconcile(controller) {
      const end = durations.startTimer({ controller });
      return (result) => {
        results.inc({ controller, result });
        end();
      };
    },
  };
}

function queueMetrics(registers: Registry[]): ControllerMetrics["counted"] {
  const labelNames = ["name"];
  const adds = new Counter({
    name: "workqueue_adds_total",
    help: "Objects that were to be looked at, also those that waited already.",
    ...{ labelNames, registers },
  });
  const retries = new Counter({
    name: "workqueue_retries_total",
    help: "Objects that were to be looked at again after a failure.",
    ...{ labelNames, registers },
  });
  const waits = new Histogram({
    name: "workqueue_queue_duration_seconds",
    help: "How long objects waited to be looked at, in seconds.",
    ...{ labelNames, registers, buckets: BUCKETS },
  });
  const open = new Map<string, Workqueue>();
  void new Gauge({
    name: "workqueue_depth",
    help: "Objects that wait to be looked at.",
    ...{ labelNames, registers },
    collect() {
      for (const [name, queue] of open) this.set({ name }, queue.length);
    },
  });
  return (name, make) => {
    const added = adds.labels({ name });
    const since = new Map<string, () => void>();
    const queue = make((key) => {
      added.inc();
      if (since.size < MAX_TIMED_KEYS && !since.has(key))
        since.set(key, waits.startTimer({ name }));
    });
    open.set(name, queue);
    const counted: Workqueue = {
      ...boundOf(queue),
      get length() {
        return queue.length;
      },
      addRateLimited(key) {
        retries.inc({ name });
        queue.addRateLimited(key);
      },
      async get() {
        const key = await queue.get();
        if (key === undefined) return key;
        since.get(key)?.();
        since.delete(key);
        return key;
      },
    };
    return counted;
  };
}

function boundOf(queue: Workqueue): Omit<Workqueue, "length" | "addRateLimited" | "get"> {
  return {
    add: (key) => queue.add(key),
    addAfter: (key, delayMs) => queue.addAfter(key, delayMs),
    forget: (key) => queue.forget(key),
    requeues: (key) => queue.requeues(key),
    done: (key) => queue.done(key),
    shutDown: () => queue.shutDown(),
  };
}
