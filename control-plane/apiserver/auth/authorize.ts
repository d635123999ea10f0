import { errors, type StatusError } from "#api/machinery/status-error";
import { type Attributes, allows, type Rule } from "#api/rbac/policy-rules";
import type { UserInfo } from "#client/transport";
import { noRoles, type RoleRules } from "#control-plane/apiserver/auth/rbac/role-rules";
import { fixedRulesFor } from "#control-plane/apiserver/auth/rules";

/**
 * Who may do what: the fixed rules first, then those of RBAC's objects. Rules only ever add; what none of them
 * covers is refused.
 */
export interface Authorizer {
  /** By what the caches show now. Caller must have awaited `fresh`, or be in a write that has. */
  decide(user: UserInfo, attributes: Attributes): Decision;
  /** Everything that the user may do: in the cluster, and in the namespace if one is given. */
  rulesFor(user: UserInfo, namespace: string | undefined): HeldRules;
  /**
   * Throws 403 with Kubernetes' sentence. By every binding whose writing, and every deletion of one, that was
   * acknowledged before the call, by whichever server.
   */
  authorize(user: UserInfo, attributes: Attributes): Promise<void>;
  fresh(): Promise<void>;
}

export interface Decision {
  readonly isAllowed: boolean;
  /** "" when there is nothing to say. */
  readonly reason: string;
}

export interface HeldRules {
  readonly rules: readonly Rule[];
  /** Of bindings whose role does not exist. */
  readonly errors: readonly string[];
}

export function createAuthorizer(
  roles: RoleRules = noRoles,
  fresh: () => Promise<void> = () => Promise.resolve(),
): Authorizer {
  function decide(user: UserInfo, attributes: Attributes): Decision {
    if (isAllowedAlways(user, attributes)) return { isAllowed: true, reason: "" };
    const missing: string[] = [];
    for (const given of roles.givenTo(user, namespaceOf(attributes))) {
      if (given.type === "missing") missing.push(given.error);
      else if (given.rules.some((rule) => allows(rule, attributes))) {
        return { isAllowed: true, reason: `RBAC: allowed by ${given.by()}` };
      }
    }
    return { isAllowed: false, reason: missing.length > 0 ? `RBAC: ${joined(missing)}` : "" };
  }

  return {
    decide,
    fresh,
    rulesFor(user, namespace) {
      const rules: Rule[] = [...fixedRulesFor(user)];
      const missing: string[] = [];
      for (const given of roles.givenTo(user, namespace)) {
        if (given.type === "missing") missing.push(given.error);
        else rules.push(...given.rules);
      }
      return { rules, errors: missing };
    },
    async authorize(user, attributes) {
      if (isAllowedAlways(user, attributes)) return;
      await fresh();
      const { isAllowed, reason } = decide(user, attributes);
      if (!isAllowed) throw refusal(user, attributes, reason);
    },
  };
}

/** By the fixed rules alone, which no object can change. */
export function isAllowedAlways(user: UserInfo, attributes: Attributes): boolean {
  return fixedRulesFor(user).some((rule) => allows(rule, attributes));
}

function namespaceOf(attributes: Attributes): string | undefined {
  return "path" in attributes ? undefined : attributes.namespace;
}

function joined(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return distinct.length === 1 ? String(distinct[0]) : `[${distinct.join(", ")}]`;
}

function refusal(user: UserInfo, attributes: Attributes, reason: string): StatusError {
  if ("path" in attributes) {
    return errors.forbiddenPath(user.name, attributes.verb, attributes.path);
  }
  const { verb, group, resource, subresource, namespace, name } = attributes;
  const shown = subresource ? `${resource}/${subresource}` : resource;
  const scope = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
  const because = reason === "" ? "" : `: ${reason}`;
  return errors.forbidden(
    { group, plural: resource },
    name ?? "",
    `User "${user.name}" cannot ${verb} resource "${shown}" in API group "${group}" ${scope}${because}`,
  );
}
