import { each, requiredName } from "#api/kinds/rules/values";
import type { TableColumn } from "#api/machinery/define-kind";
import { invalid, isDeepEqual, notSupported, required } from "#api/machinery/field-path";
import { isDns1123Subdomain, isPathSegmentName } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { ClusterRoleBinding, RbacV1Subject, RoleBinding } from "#api/schema/types";

/** What RoleBinding and ClusterRoleBinding have in common. */
type Binding = RoleBinding | ClusterRoleBinding;

const RBAC_GROUP = "rbac.authorization.k8s.io";

export function setBindingDefaults(draft: Binding): void {
  draft.roleRef ??= { apiGroup: "", kind: "", name: "" };
  draft.roleRef.apiGroup ||= RBAC_GROUP;
  for (const subject of draft.subjects ?? []) {
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= RBAC_GROUP;
  }
}

export function validateBinding(binding: Binding, isNamespaced: boolean): FieldError[] {
  const { apiGroup, kind, name } = binding.roleRef;
  const roleKinds = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  return [
    ...(apiGroup === RBAC_GROUP ? [] : [notSupported("roleRef.apiGroup", apiGroup, [RBAC_GROUP])]),
    ...(roleKinds.includes(kind) ? [] : [notSupported("roleRef.kind", kind, roleKinds)]),
    ...requiredName("roleRef.name", name, isPathSegmentName),
    ...each("subjects", binding.subjects, (one, at) => validateSubject(one, at, isNamespaced)),
  ];
}

/** Who was bound to a role must not find itself bound to another: such a binding is made anew. */
export function validateBindingUpdate(next: Binding, previous: Binding): FieldError[] {
  return isDeepEqual(next.roleRef, previous.roleRef)
    ? []
    : [invalid("roleRef", next.roleRef, "cannot change roleRef")];
}

function validateSubject(
  subject: RbacV1Subject,
  path: string,
  isNamespaced: boolean,
): FieldError[] {
  const { kind, name, namespace, apiGroup = "" } = subject;
  const group = (wanted: string): FieldError[] =>
    apiGroup === wanted ? [] : [notSupported(`${path}.apiGroup`, apiGroup, [wanted])];
  const named = name ? [] : [required(`${path}.name`)];
  switch (kind) {
    case "ServiceAccount":
      return [
        ...requiredName(`${path}.name`, name, isDns1123Subdomain),
        ...group(""),
        ...(isNamespaced || namespace ? [] : [required(`${path}.namespace`)]),
      ];
    case "User":
    case "Group":
      return [...named, ...group(RBAC_GROUP)];
    default:
      return [...named, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}

export const bindingColumns: readonly TableColumn<Binding>[] = [
  {
    name: "Role",
    type: "string",
    priority: 0,
    description: "The role that it gives.",
    value: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`,
  },
  ageColumn,
  subjectsColumn("Users", "User"),
  subjectsColumn("Groups", "Group"),
  subjectsColumn("ServiceAccounts", "ServiceAccount"),
];

function subjectsColumn(name: string, kind: string): TableColumn<Binding> {
  const shown = ({ namespace, name: its }: RbacV1Subject): string =>
    namespace ? `${namespace}/${its}` : its;
  return {
    name,
    type: "string",
    priority: 1,
    description: `The ${name} that it gives the role to.`,
    value: ({ subjects = [] }) =>
      subjects
        .filter((subject) => subject.kind === kind)
        .map(shown)
        .join(", "),
  };
}
