import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";

/**
 * A process' own numbers, by Prometheus' usual names, read when asked for. prom-client's default set is not
 * taken: its event-loop histogram wakes an idle process a hundred times a second.
 */
const readings: Readonly<Record<string, { help: string; read: () => number }>> = {
  process_cpu_seconds_total: {
    help: "Total user and system CPU time spent in seconds.",
    read() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  },
  process_resident_memory_bytes: {
    help: "Resident memory size in bytes.",
    read: () => process.memoryUsage.rss(),
  },
  process_open_fds: {
    help: "Number of open file descriptors.",
    read: () => readdirSync("/proc/self/fd").length,
  },
  process_start_time_seconds: {
    help: "Start time of the process since unix epoch in seconds.",
    read: () => performance.timeOrigin / 1000,
  },
  nodejs_heap_size_used_bytes: {
    help: "Heap in use in bytes.",
    read: () => process.memoryUsage().heapUsed,
  },
  nodejs_eventloop_utilization: {
    help: "Share of its life that the event loop was busy.",
    read: () => performance.eventLoopUtilization().utilization,
  },
};

export function createProcessMetrics(): Registry {
  const registry = new Registry();
  const registers = [registry];
  for (const [name, { help, read }] of Object.entries(readings)) {
    if (name.endsWith("_total")) counted(name, help, read, registers);
    else
      void new Gauge({
        ...{ name, help, registers },
        collect() {
          this.set(read());
        },
      });
  }
  return registry;
}

function counted(name: string, help: string, read: () => number, registers: Registry[]): void {
  void new Counter({
    ...{ name, help, registers },
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
