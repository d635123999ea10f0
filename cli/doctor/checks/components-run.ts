import { hostCheck } from "#cli/doctor/define-check";

export const componentsRun = hostCheck("the components run", function* ({ host, cluster }) {
  if (!host.hasCluster) {
    if (cluster) return;
    yield {
      severity: "broken",
      subject: "this host",
      problem: "nothing of Kaji runs here, and no other cluster was named",
      remedy: "start one, or name a cluster with --kubeconfig",
      command: "kaji up",
    };
    return;
  }
  for (const { component, command, log } of host.stopped) {
    yield {
      severity: "broken",
      subject: component,
      problem: `the ${component} is not kept running on this host`,
      remedy: log ? `start it; ${log} says how it ended` : "start it",
      command,
    };
  }
});
