import { hostCheck } from "#cli/doctor/define-check";

export const apiAnswers = hostCheck("the API answers", function* ({ apiProblem, cluster, host }) {
  if (apiProblem !== undefined) {
    const remedy = host.hasServer
      ? "look at the server's log, and whether the kubeconfig is of this cluster"
      : "this host has joined the cluster of another: name a kubeconfig of that one";
    yield {
      ...{ severity: "broken", subject: "the API server", problem: apiProblem, remedy },
      command: host.hasServer ? "kaji up" : "kaji doctor --kubeconfig FILE",
    };
  }
  const cut = cluster?.cut.map(({ plural }) => plural) ?? [];
  const refused = cluster?.unread.filter((plural) => !cut.includes(plural)) ?? [];
  if (refused.length > 0) {
    yield {
      severity: "advice",
      subject: "this user",
      problem: `may not list ${refused.join(", ")}: what is wrong with those is not seen`,
      remedy: "run it as an administrator of the cluster",
      command: "kubectl auth can-i --list",
    };
  }
});
