import type { KubeObject } from "#api/machinery/meta";
import type { Explainer, Trouble } from "#api/why/explainer";
import { explainers } from "#api/why/index";
import {
  clusterCheck,
  MINUTE_MS,
  type Problem,
  subjectOf,
  whyCommandOf,
} from "#cli/doctor/define-check";

/** Nodes, tenants and ingresses are looked at by checks of their own. */
const KINDS = [
  ...["Pod", "Deployment", "StatefulSet", "DaemonSet", "Job"],
  ...["PersistentVolumeClaim", "HorizontalPodAutoscaler", "RequestAutoscaler"],
];

/** What is under way for longer than this hangs. */
const PATIENCE_MS = 10 * MINUTE_MS;

export const workloadsAreWell = clusterCheck(
  "workloads are as they should be",
  function* ({ objects }, nowMs) {
    for (const explainer of explainers.filter(({ kind }) => KINDS.includes(kind))) {
      for (const object of objects.of(explainer.kind)) {
        const problem = problemOf(explainer, object, nowMs);
        if (problem) yield problem;
      }
    }
  },
);

export function problemOf(
  explainer: Explainer,
  object: KubeObject,
  nowMs: number,
): Problem | undefined {
  // What hangs in deletion is a check of its own.
  if (object.metadata.deletionTimestamp) return undefined;
  const trouble = explainer.trouble(object);
  if (!trouble || !isDue(trouble, object, nowMs)) return undefined;
  return {
    severity: trouble.tone === "bad" ? "broken" : "warning",
    subject: subjectOf(object),
    problem: trouble.sentence,
    remedy:
      trouble.tone === "bad" ? "ask for the reasons" : "it takes long: ask for what it waits for",
    command: whyCommandOf(object),
  };
}

function isDue({ tone }: Trouble, object: KubeObject, nowMs: number): boolean {
  const createdMs = Date.parse(object.metadata.creationTimestamp ?? "");
  return tone === "bad" || nowMs - createdMs > PATIENCE_MS;
}
