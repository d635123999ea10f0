import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What the ingress process says of its own work, by ingress-nginx's names where they mean the same. */
export interface IngressMetrics {
  readonly registry: Registry;
  published(seconds: number, hasFailed: boolean): void;
  drained(seconds: number): void;
  /** Asked whenever the numbers are read. */
  readDrains(read: () => number): void;
}

const PREFIX = "nginx_ingress_controller_";

export function createIngressMetrics(): IngressMetrics {
  const registry = new Registry();
  const registers = [registry];
  const successes = new Counter({
    name: `${PREFIX}success`,
    help: "Configurations that nginx has taken.",
    registers,
  });
  const errors = new Counter({
    name: `${PREFIX}errors`,
    help: "Configurations that nginx has not taken, or not all of.",
    registers,
  });
  const isGood = new Gauge({
    name: `${PREFIX}config_last_reload_successful`,
    help: "1: nginx has taken the newest configuration; 0: it serves an older one.",
    registers,
  });
  const goodSince = new Gauge({
    name: `${PREFIX}config_last_reload_successful_timestamp_seconds`,
    help: "When nginx took a configuration last, in seconds since 1970.",
    registers,
  });
  const publishes = new Histogram({
    name: "kaji_ingress_publish_duration_seconds",
    help: "From a change of the plan to every worker's having it, in seconds.",
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const drains = new Histogram({
    name: "kaji_ingress_drain_duration_seconds",
    help: "How long requests under way kept a pod that was to go, in seconds.",
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300],
    registers,
  });
  let read: (() => number) | undefined;
  void new Gauge({
    name: "kaji_ingress_draining_pods",
    help: "Pods that wait for the end of their requests.",
    registers,
    collect() {
      this.set(read?.() ?? 0);
    },
  });
  return {
    registry,
    published(seconds, hasFailed) {
      (hasFailed ? errors : successes).inc();
      isGood.set(hasFailed ? 0 : 1);
      if (!hasFailed) goodSince.set(Date.now() / 1000);
      publishes.observe(seconds);
    },
    drained: (seconds) => drains.observe(seconds),
    readDrains(next) {
      read = next;
    },
  };
}
