import { daemonSetKind } from "#api/kinds/daemon-set";
import { deploymentKind } from "#api/kinds/deployment";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import type { Kind } from "#api/machinery/define-kind";
import { quantityProblem } from "#api/machinery/quantity";
import { StatusError } from "#api/machinery/status-error";
import {
  type Controller,
  defineController,
  type Gathering,
} from "#control-plane/controllers/controller";
import { planVertical } from "#control-plane/controllers/vertical-advice/plan";
import { isWished } from "#control-plane/controllers/vertical-advice/settings";
import {
  dueInMs,
  type Figure,
  podsOf,
  type VerticalInput,
  type VerticalMemory,
  type Workload,
} from "#control-plane/controllers/vertical-advice/state";

/**
 * Keeps the requests of running pods near what they use, for workloads that ask for it by annotation
 * (docs/releases.md). It looks every 30 seconds; where nothing asks, nothing is measured.
 */
export const verticalScaling: readonly Controller[] = [
  scalingOf(deploymentKind as unknown as Kind<Workload>),
  scalingOf(statefulSetKind as unknown as Kind<Workload>),
  scalingOf(daemonSetKind as unknown as Kind<Workload>),
];

function scalingOf(kind: Kind<Workload>): Controller {
  return defineController<Workload, VerticalInput, VerticalMemory>({
    name: `vertical-scaling-${kind.singular}`,
    reconciles: kind,
    // Their changes are of no concern before the next look.
    watches: [{ kind: podKind, keysOf: () => [] }],
    observe(caches, key) {
      const workload = caches.get(kind, key);
      if (!workload || !isWished(workload) || workload.metadata.deletionTimestamp) return undefined;
      const all = caches.inNamespace(podKind, workload.metadata.namespace ?? "");
      return { workload, pods: podsOf(workload, all) };
    },
    gather: readFigures,
    plan: (input, nowMs, memory) => planVertical(kind as unknown as Kind, input, nowMs, memory),
  });
}

async function readFigures(
  input: VerticalInput,
  { client, nowMs, memory }: Gathering<VerticalMemory>,
): Promise<VerticalInput> {
  const { workload, pods } = input;
  if (dueInMs(workload, memory, nowMs) > 0) return input;
  if (pods.length === 0) return { ...input, figures: [] };
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${workload.metadata.namespace}/pods`;
  try {
    return { ...input, figures: figuresIn(await client.raw("GET", path)) };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { ...input, figures: [] };
  }
}

interface Item {
  readonly metadata?: { readonly name?: string };
  readonly timestamp?: string;
  readonly containers?: Figure["containers"];
}

function figuresIn(list: unknown): Figure[] {
  const { items = [] } = list as { readonly items?: readonly Item[] };
  return items.flatMap(({ metadata, timestamp, containers = [] }) => {
    if (!metadata?.name || !timestamp) return [];
    const isWell = containers.every(({ usage }) =>
      Object.values(usage).every((amount) => quantityProblem(amount) === undefined),
    );
    return isWell ? [{ pod: metadata.name, timestamp, containers }] : [];
  });
}
