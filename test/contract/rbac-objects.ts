import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
} from "#api/schema/types";

/** Objects of RBAC as tests write them. */
export const GROUP = "rbac.authorization.k8s.io";
const apiVersion = `${GROUP}/v1`;
export const pods = (...verbs: string[]): PolicyRule => ({
  verbs,
  apiGroups: [""],
  resources: ["pods"],
});

export function role(name: string, rules: PolicyRule[]): Role {
  return { apiVersion, kind: "Role", metadata: { name, namespace: "default" }, rules };
}

export function clusterRole(name: string, rules: PolicyRule[]): ClusterRole {
  return { apiVersion, kind: "ClusterRole", metadata: { name }, rules };
}

export function ref(kind: string, name: string): RoleRef {
  return { apiGroup: GROUP, kind, name };
}

export function binding(name: string, roleRef: RoleRef, user: string): RoleBinding {
  const metadata = { name, namespace: "default" };
  const subjects = [{ apiGroup: GROUP, kind: "User", name: user }];
  return { apiVersion, kind: "RoleBinding", metadata, roleRef, subjects };
}

export function clusterBinding(name: string, roleName: string, user: string): ClusterRoleBinding {
  const { roleRef, subjects } = binding(name, ref("ClusterRole", roleName), user);
  return { apiVersion, kind: "ClusterRoleBinding", metadata: { name }, roleRef, subjects };
}
