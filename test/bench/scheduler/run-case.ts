import { setTimeout as pause } from "node:timers/promises";
import { podKind } from "#api/kinds/pod";
import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Namespace, Pod } from "#api/schema/types";
import { startChurn } from "#test/bench/scheduler/churn";
import {
  countOf,
  type CreateAny,
  type CreateNamespaces,
  type CreatePods,
  type Operation,
  type TestCase,
  type Workload,
} from "#test/bench/scheduler/config";
import { inParallel } from "#test/bench/scheduler/in-parallel";
import { Progress } from "#test/bench/scheduler/progress";
import type { Rig } from "#test/bench/scheduler/rig";
import { createWithStatus, stampNodes, Templates } from "#test/bench/scheduler/templates";

/** What the pods of the measured operations gave. */
export interface Measurement {
  readonly wanted: number;
  readonly scheduled: number;
  /** From the moment the scheduler hears of them until the last is bound (or the deadline). */
  readonly seconds: number;
  /** Of the processor meanwhile: what others on the machine do is not in it. */
  readonly cpuSeconds: number;
  /** What creating them took before. */
  readonly createSeconds: number;
  /** Between asking for one binding and for the next: a decision, and whatever else ran meanwhile. */
  readonly gapsMs: readonly number[];
  /** From hearing of a pod until it is bound, the wait for those before it included. */
  readonly latenciesMs: readonly number[];
}

export interface CaseOptions {
  readonly folder: string;
  /** For each operation that waits, and for the measured one. */
  readonly deadlineMs: number;
}

/** Runs the operations of a case in order. Throws when the pods of the set-up are not all scheduled in time. */
export async function runCase(
  rig: Rig,
  testCase: TestCase,
  workload: Workload,
  options: CaseOptions,
): Promise<Measurement> {
  const run = new CaseRun(rig, testCase, workload, options);
  try {
    for (const operation of testCase.workloadTemplate) await run.perform(operation);
    return run.result();
  } finally {
    run.end();
  }
}

class CaseRun {
  private readonly rig: Rig;
  private readonly testCase: TestCase;
  private readonly workload: Workload;
  private readonly options: CaseOptions;
  private readonly templates: Templates;
  private readonly progress: Progress;
  private readonly ending = new AbortController();
  private measured: Measurement | undefined;
  private serial = 0;

  constructor(rig: Rig, testCase: TestCase, workload: Workload, options: CaseOptions) {
    this.rig = rig;
    this.testCase = testCase;
    this.workload = workload;
    this.options = options;
    this.templates = new Templates(options.folder);
    this.progress = new Progress(rig.pods);
  }

  result(): Measurement {
    if (!this.measured) throw new Error(`case ${this.testCase.name} measures nothing`);
    return this.measured;
  }

  end(): void {
    this.ending.abort();
  }

  async perform(operation: Operation): Promise<void> {
    switch (operation.opcode) {
      case "createNodes": {
        const nodes = stampNodes(this.templates, operation, countOf(operation, this.workload));
        await this.createAll(nodes);
        return;
      }
      case "createNamespaces":
        return this.createNamespaces(operation);
      case "createPods":
        return this.createPods(operation);
      case "createPodSets": {
        const sets = countOf(operation, this.workload);
        for (let i = 0; i < sets; i++) {
          const namespace = `${operation.namespacePrefix}-${i}`;
          await this.createPods({ ...operation.createPodsOp, namespace });
        }
        return;
      }
      case "createAny":
        return this.createAny(operation);
      case "churn": {
        const { client } = this.rig;
        return startChurn(operation, client, this.templates, this.ending.signal);
      }
      case "barrier":
        return this.waitFor(this.rig.pods.list().filter(isSchedulable).map(keyOf));
      case "sleep":
        await pause(Number.parseFloat(operation.duration) * 1000);
    }
  }

  private async createAll(objects: readonly KubeObject[]): Promise<KubeObject[]> {
    const { client, concurrency } = this.rig;
    return inParallel(objects, concurrency, (object) => createWithStatus(client, object));
  }

  private async createNamespaces(operation: CreateNamespaces): Promise<void> {
    const { prefix, namespaceTemplatePath } = operation;
    const count = countOf(operation, this.workload);
    const names = Array.from({ length: count }, (_, i) => ({ name: `${prefix}-${i}` }));
    await this.createAll(
      names.map((metadata) =>
        namespaceTemplatePath
          ? this.templates.stamp<Namespace>(namespaceTemplatePath, metadata)
          : { apiVersion: "v1", kind: "Namespace", metadata },
      ),
    );
  }

  private async createAny(operation: CreateAny): Promise<void> {
    const { templatePath, namespace } = operation;
    const metadata = namespace === undefined ? {} : { namespace };
    for (let i = 0; i < countOf(operation, this.workload); i++) {
      await this.createAll([this.templates.stamp(templatePath, metadata)]);
    }
  }

  private async createPods(operation: CreatePods): Promise<void> {
    const namespace = operation.namespace ?? (await this.ownNamespace());
    const path = operation.podTemplatePath ?? this.testCase.defaultPodTemplatePath;
    if (!path) throw new Error(`case ${this.testCase.name}: createPods without a pod template`);
    const wanted = Array.from({ length: countOf(operation, this.workload) }, () =>
      this.templates.stamp<Pod>(path, { namespace }),
    );
    if (operation.collectMetrics) return this.measure(wanted);
    const pods = await this.createAll(wanted);
    if (operation.deletePodsPerSecond !== undefined) {
      this.deletePods(pods, 1000 / operation.deletePodsPerSecond);
    }
    if (!operation.skipWaitToCompletion) await this.waitFor(pods.map(keyOf));
  }

  private async ownNamespace(): Promise<string> {
    const name = `namespace-${this.serial++}`;
    await this.createAll([{ apiVersion: "v1", kind: "Namespace", metadata: { name } }]);
    return name;
  }

  private async waitFor(keys: readonly string[]): Promise<void> {
    const { deadlineMs } = this.options;
    if (await this.progress.allBound(keys, deadlineMs)) return;
    const left = keys.filter((key) => this.progress.boundAt(key) === undefined).length;
    throw new Error(`${left} of ${keys.length} pods are not scheduled after ${deadlineMs} ms`);
  }

  private async measure(wanted: readonly Pod[]): Promise<void> {
    const startedAt = performance.now();
    this.rig.hold();
    const keys = (await this.createAll(wanted)).map(keyOf);
    await this.untilSeen(keys);
    const cpuBefore = process.cpuUsage();
    const releasedAt = performance.now();
    this.rig.release();
    await this.progress.allBound(keys, this.options.deadlineMs);
    const { user, system } = process.cpuUsage(cpuBefore);
    const times = keys.flatMap((key) => this.progress.boundAt(key) ?? []).sort((a, b) => a - b);
    const endAt = times.length === keys.length ? (times.at(-1) ?? releasedAt) : performance.now();
    const asked = this.rig.bindRequestsMs.filter((time) => time >= releasedAt && time <= endAt);
    this.measured = {
      wanted: keys.length,
      scheduled: times.length,
      seconds: (endAt - releasedAt) / 1000,
      cpuSeconds: (user + system) / 1e6,
      createSeconds: (releasedAt - startedAt) / 1000,
      gapsMs: asked.map((time, i) => time - (asked[i - 1] ?? releasedAt)),
      latenciesMs: times.map((time) => time - releasedAt),
    };
  }

  /** Until the informer has all of them, so that the release delivers them in one go. */
  private async untilSeen(keys: readonly string[]): Promise<void> {
    const giveUpAt = performance.now() + this.options.deadlineMs;
    while (!keys.every((key) => this.rig.pods.get(key))) {
      if (performance.now() > giveUpAt) throw new Error("the informer does not see the pods");
      await pause(1);
    }
  }

  /** Goes on beside the operations that follow. */
  private deletePods(pods: readonly KubeObject[], everyMs: number): void {
    const left = [...pods];
    const timer = setInterval(() => {
      const pod = left.pop();
      if (!pod || this.ending.signal.aborted) return clearInterval(timer);
      const { name, namespace = "" } = pod.metadata;
      const options = { gracePeriodSeconds: 0 };
      this.rig.client.delete(podKind, { name, namespace }, options).catch((error: unknown) => {
        console.error("a pod of the benchmark was not deleted", error);
        process.exitCode = 1;
      });
    }, everyMs);
  }
}

function isSchedulable({ spec }: Pod): boolean {
  return (spec.schedulingGates ?? []).length === 0;
}
