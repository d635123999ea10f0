import { readFileSync } from "node:fs";
import { parse } from "yaml";

/**
 * The configuration of Kubernetes' scheduler_perf, as far as cases.yaml uses it: test cases are lists of
 * operations, workloads give their numbers.
 * Source: kubernetes/test/integration/scheduler_perf.
 */
export interface TestCase {
  readonly name: string;
  readonly defaultPodTemplatePath?: string;
  readonly workloadTemplate: readonly Operation[];
  readonly workloads: readonly Workload[];
}

export interface Workload {
  readonly name: string;
  /** Pods per second that upstream demands at this size. */
  readonly threshold?: number;
  readonly params: Readonly<Record<string, number>>;
}

/** How many: a number, or the name of a parameter with a dollar before it. */
export interface Counted {
  readonly count?: number;
  readonly countParam?: string;
}

export type Operation =
  | CreateNodes
  | CreateNamespaces
  | CreatePods
  | CreatePodSets
  | CreateAny
  | Churn
  | { readonly opcode: "barrier" }
  | { readonly opcode: "sleep"; readonly duration: string };

export interface CreateNodes extends Counted {
  readonly opcode: "createNodes";
  readonly nodeTemplatePath?: string;
  /** Node i gets the value i modulo their number. */
  readonly labelNodePrepareStrategy?: {
    readonly labelKey: string;
    readonly labelValues: readonly string[];
  };
  /** Every node gets a value of its own. */
  readonly uniqueNodeLabelStrategy?: { readonly labelKey: string };
}

export interface CreateNamespaces extends Counted {
  readonly opcode: "createNamespaces";
  readonly prefix: string;
  readonly namespaceTemplatePath?: string;
}

export interface CreatePods extends Counted {
  readonly opcode: "createPods";
  /** Default: a namespace of this operation's own. */
  readonly namespace?: string;
  readonly podTemplatePath?: string;
  readonly collectMetrics?: boolean;
  readonly skipWaitToCompletion?: boolean;
  readonly deletePodsPerSecond?: number;
}

export interface CreatePodSets extends Counted {
  readonly opcode: "createPodSets";
  readonly namespacePrefix: string;
  readonly createPodsOp: CreatePods;
}

export interface CreateAny extends Counted {
  readonly opcode: "createAny";
  readonly templatePath: string;
  readonly namespace?: string;
}

/** Goes on until the case ends. "recreate": at most `number` of each template exist at a time. */
export interface Churn {
  readonly opcode: "churn";
  readonly mode: "create" | "recreate";
  readonly number?: number;
  readonly templatePaths: readonly string[];
  readonly intervalMilliseconds?: number;
}

const opcodes: ReadonlySet<string> = new Set<Operation["opcode"]>([
  "createNodes",
  "createNamespaces",
  "createPods",
  "createPodSets",
  "createAny",
  "churn",
  "barrier",
  "sleep",
]);

/** Of the cases whose workloads do not say for how many nodes they are. */
const USUAL_NODES = 5_000;

export function readCases(path: string): readonly TestCase[] {
  const cases = parse(readFileSync(path, "utf8"), { merge: true }) as TestCase[];
  for (const { name, workloadTemplate, workloads } of cases) {
    const odd = workloadTemplate.find(({ opcode }) => !opcodes.has(opcode));
    if (odd) throw new Error(`${path}: case ${name} has an unknown operation ${odd.opcode}`);
    if (workloads.length === 0) throw new Error(`${path}: case ${name} has no workload`);
  }
  return cases;
}

/** The workloads at their own sizes or, with `nodes`, the first one scaled to that many nodes. */
export function workloadsOf({ workloads }: TestCase, nodes: number | undefined): Workload[] {
  const [first] = workloads;
  if (nodes === undefined || !first) return [...workloads];
  const exact = workloads.filter(({ params }) => params["initNodes"] === nodes);
  return exact.length > 0 ? exact : [scaled(first, nodes)];
}

/** Every parameter in proportion, at least 1. It has no threshold: that is for one size only. */
function scaled({ params }: Workload, nodes: number): Workload {
  const factor = nodes / (params["initNodes"] ?? USUAL_NODES);
  return {
    name: `${nodes}Nodes`,
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        Math.max(1, Math.round(value * factor)),
      ]),
    ),
  };
}

export function countOf({ count, countParam }: Counted, { params, name }: Workload): number {
  if (countParam === undefined) return count ?? 1;
  const value = params[countParam.replace(/^\$/, "")];
  if (value === undefined) throw new Error(`workload ${name} has no parameter ${countParam}`);
  return value;
}
