import type { Kind } from "#api/machinery/define-kind";
import { isDeepEqual } from "#api/machinery/field-path";
import type { KubeObject } from "#api/machinery/meta";
import { errors, StatusError } from "#api/machinery/status-error";
import { describeRights, missingRights, quotedList, rightsIn } from "#api/rbac/missing-rights";
import { EVERYTHING, type Rule } from "#api/rbac/policy-rules";
import type { ClusterRole, Role, RoleRef } from "#api/schema/types";
import type {
  AdmissionPlugin,
  AdmissionRequest,
} from "#control-plane/apiserver/admission/admission";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import type { Binding } from "#control-plane/apiserver/auth/rbac/binding-index";
import { missingRole, type RoleRules } from "#control-plane/apiserver/auth/rbac/role-rules";
import { resourceOf } from "#control-plane/apiserver/storage/keys";

/**
 * Nobody gives what they do not hold: writing a role takes the rights in it, or the verb `escalate` on the role;
 * writing a binding takes the rights of its role, or the verb `bind` on that. Source: Kubernetes, "Privilege
 * escalation prevention and bootstrapping".
 */
export function roleEscalation(authorizer: Authorizer, roles: RoleRules): AdmissionPlugin {
  return {
    name: "RoleEscalation",
    validate(request) {
      const { kind, object, previous, options } = request;
      if (kind.group !== GROUP || options.user.groups.includes("system:masters")) return;
      if (previous && isDeepEqual(withoutGarbageFields(object), withoutGarbageFields(previous))) {
        return;
      }
      if (kind.kind === "Role" || kind.kind === "ClusterRole") checkRole(authorizer, request);
      else checkBinding(authorizer, roles, request);
    },
  };
}

const GROUP = "rbac.authorization.k8s.io";
/** Comparing costs this many times the rules of the user: more at once are refused. */
const MAX_RIGHTS = 10_000;

function checkRole(authorizer: Authorizer, request: AdmissionRequest): void {
  const { kind, previous, options } = request;
  const role = request.object as Role | ClusterRole;
  const { name, namespace } = role.metadata;
  const escalate = {
    verb: "escalate",
    group: GROUP,
    resource: kind.plural,
    namespace,
    name: previous ? name : undefined,
  };
  if (authorizer.decide(options.user, escalate).isAllowed) return;
  confirm(authorizer, request, role.rules ?? []);
  if (!isAggregated(role) && !isAggregated(previous)) return;
  const { rules } = authorizer.rulesFor(options.user, undefined);
  if (missingRights(rules, EVERYTHING).length === 0) return;
  throw refused(kind, name, "must have cluster-admin privileges to use the aggregationRule");
}

function checkBinding(authorizer: Authorizer, roles: RoleRules, request: AdmissionRequest): void {
  const { roleRef, metadata } = request.object as Binding;
  const bind = {
    verb: "bind",
    group: roleRef.apiGroup,
    resource: roleRef.kind === "ClusterRole" ? "clusterroles" : "roles",
    namespace: metadata.namespace,
    name: roleRef.name,
  };
  if (authorizer.decide(request.options.user, bind).isAllowed) return;
  const rules = roles.rulesOf(roleRef, metadata.namespace);
  if (!rules) throw roleNotFound(roleRef);
  confirm(authorizer, request, rules);
}

/** Throws unless the user holds every one of the rights where they are to hold. */
function confirm(
  authorizer: Authorizer,
  request: AdmissionRequest,
  granted: readonly Rule[],
): void {
  const { kind, object, options } = request;
  const { user } = options;
  const { name, namespace } = object.metadata;
  if (rightsIn(granted) > MAX_RIGHTS) {
    throw refused(kind, name, `it grants more than ${MAX_RIGHTS} single rights at once`);
  }
  const held = authorizer.rulesFor(user, namespace);
  const missing = missingRights(held.rules, granted);
  if (missing.length === 0) return;
  const who = `user "${user.name}" (groups=${quotedList(user.groups)})`;
  const what = describeRights(missing).join("\n");
  const unresolved =
    held.errors.length === 0 ? "" : `; resolution errors: [${held.errors.join(" ")}]`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${what}${unresolved}`;
  throw refused(kind, name, why);
}

function isAggregated(role: KubeObject | undefined): boolean {
  return role !== undefined && (role as ClusterRole).aggregationRule !== undefined;
}

/** The garbage collector must be able to let go of an object whose rights nobody holds any more. */
function withoutGarbageFields(object: KubeObject): object {
  const {
    ownerReferences: _owners,
    finalizers: _finalizers,
    managedFields: _fields,
    ...metadata
  } = object.metadata;
  return { ...object, metadata };
}

function refused(kind: Kind, name: string, why: string): StatusError {
  return errors.forbidden(resourceOf(kind), name, why);
}

function roleNotFound(roleRef: RoleRef): StatusError {
  const details = { name: roleRef.name, group: GROUP, kind: roleRef.kind.toLowerCase() };
  return new StatusError(404, "NotFound", missingRole(roleRef), details);
}
