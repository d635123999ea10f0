import type { KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import type { Churn } from "#test/bench/scheduler/config";
import { createWithStatus, kindOf, type Templates } from "#test/bench/scheduler/templates";

const DEFAULT_INTERVAL_MS = 500;
const NAMESPACE = "default";

/** Creates one of each template per interval, and with "recreate" deletes the oldest, until the signal aborts. */
export function startChurn(
  churn: Churn,
  client: Client,
  templates: Templates,
  signal: AbortSignal,
): void {
  const alive: KubeObject[][] = [];
  const round = async (): Promise<void> => {
    if (churn.mode === "recreate" && alive.length >= (churn.number ?? 1)) {
      await removeAll(client, alive.shift() ?? []);
    }
    const made: KubeObject[] = [];
    for (const path of churn.templatePaths) {
      if (signal.aborted) return;
      const object = templates.stamp<KubeObject>(path);
      if (kindOf(object).isNamespaced) object.metadata.namespace = NAMESPACE;
      made.push(await createWithStatus(client, object));
    }
    if (churn.mode === "recreate") alive.push(made);
  };
  let isBusy = false;
  const timer = setInterval(() => {
    if (signal.aborted) return clearInterval(timer);
    if (isBusy) return;
    isBusy = true;
    round()
      .catch((error: unknown) => {
        if (signal.aborted) return;
        console.error("the churn of the benchmark failed", error);
        process.exitCode = 1;
      })
      .finally(() => {
        isBusy = false;
      });
  }, churn.intervalMilliseconds ?? DEFAULT_INTERVAL_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

async function removeAll(client: Client, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const { name, namespace } = object.metadata;
    const target = namespace === undefined ? { name } : { name, namespace };
    await client.delete(kindOf(object), target, { gracePeriodSeconds: 0 }).catch((error) => {
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    });
  }
}
