import { X509Certificate } from "node:crypto";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What is asked whenever the numbers are read. */
export interface AgentReadings {
  readonly nodeName: string;
  desiredPods(): number;
  runningPods(): number;
  containersByState(): Readonly<Record<string, number>>;
  isConnected(): boolean;
  /** PEM. */
  certificate(): string;
}

/** The agent's numbers, by the names of the kubelet, CoreDNS and cAdvisor's neighbours. No label names a pod. */
export interface AgentMetrics {
  readonly registry: Registry;
  podAction(type: string, seconds: number): void;
  podStarted(seconds: number): void;
  podEvicted(): void;
  probed(type: string, isSuccess: boolean): void;
  runtimeOperation(type: string, seconds: number, hasFailed: boolean): void;
  dnsAnswered(transport: "udp" | "tcp", code: number | undefined, seconds: number): void;
  imagePulled(seconds: number, from: "registry" | "node"): void;
  read(readings: AgentReadings): void;
}

const FINE = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** RFC 1035, section 4.1.1. */
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

export function createAgentMetrics(): AgentMetrics {
  const registry = new Registry();
  const registers = [registry];
  const read = registerReadings(registers);
  const pods = podMetrics(registers);
  const runtime = runtimeMetrics(registers);
  const dns = dnsMetrics(registers);
  return { registry, read, ...pods, ...runtime, ...dns };
}

function podMetrics(registers: Registry[]) {
  const actions = new Histogram({
    name: "kubelet_pod_worker_duration_seconds",
    help: "Time of one step of a pod's life on the node, in seconds.",
    labelNames: ["operation_type"],
    buckets: FINE,
    registers,
  });
  const starts = new Histogram({
    name: "kubelet_pod_start_duration_seconds",
    help: "From the node's hearing of a pod to the pod's running, in seconds.",
    buckets: FINE,
    registers,
  });
  const evictions = new Counter({
    name: "kaji_agent_evictions_total",
    help: "Pods that the node ended because it was short of something.",
    registers,
  });
  const probes = new Counter({
    name: "prober_probe_total",
    help: "Probes of containers, by result.",
    labelNames: ["probe_type", "result"],
    registers,
  });
  return {
    podAction: (type: string, seconds: number) =>
      actions.observe({ operation_type: type }, seconds),
    podStarted: (seconds: number) => starts.observe(seconds),
    podEvicted: () => evictions.inc(),
    probed: (type: string, isSuccess: boolean) =>
      probes.inc({ probe_type: type, result: isSuccess ? "successful" : "failed" }),
  };
}

function runtimeMetrics(registers: Registry[]) {
  const labelNames = ["operation_type"];
  const operations = new Counter({
    name: "kubelet_runtime_operations_total",
    help: "What the runtime was asked to do.",
    ...{ labelNames, registers },
  });
  const failures = new Counter({
    name: "kubelet_runtime_operations_errors_total",
    help: "What the runtime was asked to do and could not.",
    ...{ labelNames, registers },
  });
  const durations = new Histogram({
    name: "kubelet_runtime_operations_duration_seconds",
    help: "Time that the runtime took, in seconds.",
    ...{ labelNames, registers, buckets: FINE },
  });
  const pulls = new Histogram({
    name: "kubelet_image_pull_duration_seconds",
    help: "Time to bring an image that was not there, in seconds.",
    ...{ labelNames: ["from"], registers, buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 180, 600] },
  });
  return {
    imagePulled: (seconds: number, from: string) => pulls.observe({ from }, seconds),
    runtimeOperation(type: string, seconds: number, hasFailed: boolean) {
      operations.inc({ operation_type: type });
      if (hasFailed) failures.inc({ operation_type: type });
      durations.observe({ operation_type: type }, seconds);
    },
  };
}

function dnsMetrics(registers: Registry[]) {
  const requests = new Counter({
    name: "coredns_dns_requests_total",
    help: "Queries that the cluster's DNS on this node was sent.",
    labelNames: ["proto"],
    registers,
  });
  const responses = new Counter({
    name: "coredns_dns_responses_total",
    help: "Its answers.",
    labelNames: ["rcode"],
    registers,
  });
  const durations = new Histogram({
    name: "coredns_dns_request_duration_seconds",
    help: "Time to answer, also of those that were asked elsewhere, in seconds.",
    buckets: [0.0001, 0.00025, 0.001, 0.004, 0.016, 0.064, 0.256, 1, 4],
    registers,
  });
  return {
    dnsAnswered(transport: string, code: number | undefined, seconds: number) {
      requests.inc({ proto: transport });
      durations.observe(seconds);
      if (code !== undefined) responses.inc({ rcode: RCODES[code] ?? "other" });
    },
  };
}

function registerReadings(registers: Registry[]): (readings: AgentReadings) => void {
  let readings: AgentReadings | undefined;
  type Samples = readonly (readonly [Readonly<Record<string, string>>, number])[];
  const gauge = (
    name: string,
    help: string,
    sample: (of: AgentReadings) => number | Samples,
    labelNames: readonly string[] = [],
  ): void => {
    void new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers },
      collect() {
        if (!readings) return;
        const found = sample(readings);
        if (typeof found === "number") return this.set(found);
        for (const [labels, value] of found) this.set(labels, value);
      },
    });
  };
  const node = "kubelet_node_name";
  gauge(node, "The node's name; always 1.", (of) => [[{ node: of.nodeName }, 1]], ["node"]);
  gauge("kubelet_desired_pods", "Pods that the node is to run.", (of) => of.desiredPods());
  gauge("kubelet_running_pods", "Pods whose sandbox is there.", (of) => of.runningPods());
  gauge(
    "kubelet_running_containers",
    "Containers, by state.",
    (of) =>
      Object.entries(of.containersByState()).map(([state, n]) => [{ container_state: state }, n]),
    ["container_state"],
  );
  const connected = "1: connected to a server; 0: the node works on what it was told last.";
  gauge("kaji_agent_connected", connected, (of) => Number(of.isConnected()));
  gauge(
    "kubelet_certificate_manager_client_ttl_seconds",
    "How long the node's certificate is good, in seconds.",
    (of) => (Date.parse(new X509Certificate(of.certificate()).validTo) - Date.now()) / 1000,
  );
  return (next) => {
    readings = next;
  };
}
