import { clusterCheck } from "#cli/doctor/define-check";

export const allWasLookedAt = clusterCheck("all objects were looked at", function* ({ cut }) {
  for (const { plural, read, left } of cut) {
    yield {
      severity: "advice",
      subject: plural,
      problem: `only the first ${read} were looked at, and ${left} were not: what needs all of them was not looked for`,
      remedy: "metrics and alerts see to clusters of this size",
      command: "kubectl get --raw /metrics",
    };
  }
});
