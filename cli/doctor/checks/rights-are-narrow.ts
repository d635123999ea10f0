import type { ClusterRoleBinding } from "#api/schema/types";
import { clusterCheck, subjectOf } from "#cli/doctor/define-check";

/** Who is in one of these has not been let in by anybody. */
const EVERYBODY = [
  "system:anonymous",
  "system:unauthenticated",
  "system:authenticated",
  "system:serviceaccounts",
];
const WIDE_ROLES = ["cluster-admin", "admin", "edit"];

export const rightsAreNarrow = clusterCheck("nobody has all rights by chance", function* (cluster) {
  for (const binding of cluster.objects.of<ClusterRoleBinding>("ClusterRoleBinding")) {
    const { roleRef, subjects = [] } = binding;
    if (!WIDE_ROLES.includes(roleRef.name)) continue;
    const whom = subjects.find(({ name }) => EVERYBODY.includes(name));
    if (!whom) continue;
    yield {
      severity: "warning",
      subject: subjectOf(binding),
      problem: `gives ${roleRef.name} to everybody in ${whom.name}`,
      remedy: "name those who need it, and delete this binding",
      command: `kaji get clusterrolebinding ${binding.metadata.name} -o yaml`,
    };
  }
});
