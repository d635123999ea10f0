import type { Rule } from "#api/rbac/policy-rules";
import { describeSubject, type Identity, keysOf, subjectKey } from "#api/rbac/subjects";
import type { ClusterRole, Role, RoleRef } from "#api/schema/types";
import { type Binding, BindingIndex } from "#control-plane/apiserver/auth/rbac/binding-index";
import type { Feed } from "#control-plane/apiserver/storage/feed";

/** What RBAC objects give to whom, as the caches show it. */
export interface RoleRules {
  /** The rules of each binding that the user has, or that its role is missing: the cluster's first. */
  givenTo(user: Identity, namespace: string | undefined): Iterable<Given>;
  /** undefined: there is no such role. */
  rulesOf(roleRef: RoleRef, namespace: string | undefined): readonly Rule[] | undefined;
}

export type Given =
  | { readonly type: "rules"; readonly rules: readonly Rule[]; by(): string }
  | { readonly type: "missing"; readonly error: string };

const GROUP = "rbac.authorization.k8s.io";

export function createRoleRules(feed: Pick<Feed, "cacheOf">): RoleRules {
  const cacheOf = (plural: string) => feed.cacheOf({ group: GROUP, plural });
  const roles = cacheOf("roles");
  const clusterRoles = cacheOf("clusterroles");
  const bindings = new BindingIndex(cacheOf("rolebindings"));
  const clusterBindings = new BindingIndex(cacheOf("clusterrolebindings"));

  function rulesOf(roleRef: RoleRef, namespace: string | undefined): readonly Rule[] | undefined {
    const isClusterRole = roleRef.kind === "ClusterRole";
    const stored = isClusterRole
      ? clusterRoles.get(undefined, roleRef.name)
      : roles.get(namespace, roleRef.name);
    return stored && ((stored.object as Role | ClusterRole).rules ?? []);
  }

  function given(binding: Binding, key: string): Given {
    const { roleRef, metadata } = binding;
    const rules = rulesOf(roleRef, metadata.namespace);
    if (!rules) return { type: "missing", error: missingRole(roleRef) };
    return { type: "rules", rules, by: () => describe(binding, key) };
  }

  return {
    rulesOf,
    *givenTo(user, namespace) {
      const keys = keysOf(user);
      for (const key of keys) {
        for (const binding of clusterBindings.boundTo(key, "")) yield given(binding, key);
      }
      if (!namespace) return;
      for (const key of keys) {
        for (const binding of bindings.boundTo(key, namespace)) yield given(binding, key);
      }
    },
  };
}

/** For a server that does not serve the kinds of RBAC: nobody has anything from them. */
export const noRoles: RoleRules = { givenTo: () => [], rulesOf: () => undefined };

export function missingRole({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.${GROUP} "${name}" not found`;
}

/** RoleBinding "dev/shop" of ClusterRole "edit" to User "jane". */
function describe({ metadata, roleRef, subjects = [] }: Binding, key: string): string {
  const { name, namespace } = metadata;
  const subject = subjects.find((one) => subjectKey(one, namespace) === key);
  const [kind, shown] = namespace
    ? ["RoleBinding", `${name}/${namespace}`]
    : ["ClusterRoleBinding", name];
  const to = subject ? describeSubject(subject, namespace) : "nobody";
  return `${kind} "${shown}" of ${roleRef.kind} "${roleRef.name}" to ${to}`;
}
