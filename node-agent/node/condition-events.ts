import type { NodeCondition } from "#api/schema/types";

/** What Kubernetes' kubelet calls a change of each condition, by the status that it changed to. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { True: "NodeReady", False: "NodeNotReady" },
  MemoryPressure: { True: "NodeHasInsufficientMemory", False: "NodeHasSufficientMemory" },
  DiskPressure: { True: "NodeHasDiskPressure", False: "NodeHasNoDiskPressure" },
  PIDPressure: { True: "NodeHasInsufficientPID", False: "NodeHasSufficientPID" },
};

/** The reasons of the events that tell of what has changed; pure. */
export function conditionEvents(
  before: readonly NodeCondition[],
  after: readonly NodeCondition[],
): string[] {
  return after.flatMap(({ type, status }) => {
    const known = before.find((one) => one.type === type);
    const name = names[type]?.[status];
    return known && known.status !== status && name ? [name] : [];
  });
}
