import type { Pod, PodSpec } from "#api/schema/types";
import { clusterCheck, subjectOf } from "#cli/doctor/define-check";

/** Where the cluster's own pods live. */
const SYSTEM = "kube-system";

export const podsAreConfined = clusterCheck("pods are kept from the host", function* ({ objects }) {
  for (const pod of objects.of<Pod>("Pod")) {
    if (pod.metadata.namespace === SYSTEM) continue;
    const ways = waysOut(pod.spec);
    if (ways.length === 0) continue;
    yield {
      severity: "advice",
      subject: subjectOf(pod),
      problem: `${ways.join(", ")}: whoever is in it is as good as root on its node`,
      remedy:
        "take that away if it does not need it; the level baseline of Pod Security forbids it",
      command: `kubectl label namespace ${pod.metadata.namespace} pod-security.kubernetes.io/warn=baseline`,
    };
  }
});

function waysOut({ hostNetwork, hostPID, hostIPC, volumes = [], ...spec }: PodSpec): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const privileged = containers.filter(({ securityContext }) => securityContext?.privileged);
  const paths = volumes.flatMap(({ hostPath }) => (hostPath ? [hostPath.path] : []));
  return [
    ...privileged.map(({ name }) => `container ${name} is privileged`),
    ...(hostNetwork ? ["it has the host's network"] : []),
    ...(hostPID ? ["it sees the host's processes"] : []),
    ...(hostIPC ? ["it shares the host's memory segments"] : []),
    ...(paths.length > 0 ? [`it has the host's ${paths.join(" and ")}`] : []),
  ];
}
