import type { Plugin } from "#control-plane/scheduler/framework";

/** The more important pod first, and of equals the one that waits longer. */
export const prioritySort: Plugin = {
  name: "PrioritySort",
  compare: (a, b) => b.pod.priority - a.pod.priority || a.sinceMs - b.sinceMs,
  retryOn: {},
};
