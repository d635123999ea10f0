import { finalRefusal, type Plugin } from "#control-plane/scheduler/framework";

/** A pod with spec.schedulingGates is not tried before all are removed (which brings it back as a changed pod). */
export const schedulingGates: Plugin = {
  name: "SchedulingGates",
  gate({ pod }) {
    const names = (pod.spec.schedulingGates ?? []).map(({ name }) => name);
    return names.length === 0
      ? undefined
      : finalRefusal(`waiting for scheduling gates: [${names.join(" ")}]`);
  },
  retryOn: {},
};
