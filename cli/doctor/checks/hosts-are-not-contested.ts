import { hostsHaveOneTenant } from "#api/audit/hosts-have-one-tenant";
import { clusterCheck } from "#cli/doctor/define-check";

export const hostsAreNotContested = clusterCheck(
  "no host is claimed twice",
  function* ({ objects }) {
    for (const { object, message } of hostsHaveOneTenant.check(objects)) {
      yield {
        severity: "broken",
        subject: object,
        problem: message,
        remedy: "the older one is served: remove the host from the other",
        command: "kaji tenant list -o wide",
      };
    }
  },
  // Whose an Ingress is, its namespace says.
  (plural) => plural === "namespaces",
);
