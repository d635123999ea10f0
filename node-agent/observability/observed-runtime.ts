import type { AgentMetrics } from "#node-agent/observability/agent-metrics";
import type { Runtime } from "#runtime/runtime";

/** What is counted: CRI's names, as the kubelet's metrics have them. */
const OPERATIONS: ReadonlyMap<PropertyKey, string> = new Map([
  ["runSandbox", "run_podsandbox"],
  ["stopSandbox", "stop_podsandbox"],
  ["removeSandbox", "remove_podsandbox"],
  ["listSandboxes", "list_podsandbox"],
  ["createContainer", "create_container"],
  ["startContainer", "start_container"],
  ["stopContainer", "stop_container"],
  ["removeContainer", "remove_container"],
  ["listContainers", "list_containers"],
  ["containerStatus", "container_status"],
  ["updateResources", "update_container_resources"],
  ["exec", "exec"],
  ["attach", "attach"],
  ["portForward", "port_forward"],
  ["stats", "list_container_stats"],
]);

type Operation = (...args: unknown[]) => Promise<unknown>;

/** The runtime itself, whatever it is, with the time of its answers noted. */
export function observedRuntime(runtime: Runtime, metrics: AgentMetrics): Runtime {
  const observed = new Map<PropertyKey, Operation>();
  for (const [key, type] of OPERATIONS) {
    const operation = Reflect.get(runtime, key) as Operation;
    observed.set(key, (...args) => timed(() => operation.apply(runtime, args), type, metrics));
  }
  return new Proxy(runtime, {
    get(target, key): unknown {
      const own = observed.get(key);
      if (own) return own;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function timed<T>(ask: () => Promise<T>, type: string, metrics: AgentMetrics): Promise<T> {
  const startMs = performance.now();
  let hasFailed = true;
  try {
    const result = await ask();
    hasFailed = false;
    return result;
  } finally {
    metrics.runtimeOperation(type, (performance.now() - startMs) / 1000, hasFailed);
  }
}
