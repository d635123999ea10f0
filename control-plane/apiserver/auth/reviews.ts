import type {
  ResourceAttributes,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "#api/schema/types";
import { errors } from "#api/machinery/status-error";
import type { Attributes } from "#api/rbac/policy-rules";
import type { UserInfo } from "#client/transport";
import type { Authenticator } from "#control-plane/apiserver/auth/authenticate";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";
import {
  API_AUDIENCES,
  type ServiceAccountTokens,
} from "#control-plane/apiserver/auth/service-account-tokens";

/**
 * Questions about identity and permission: POSTed, answered, never stored. Those about permission are answered from the
 * caches: Caller must have awaited `authorizer.fresh()`.
 */
interface AccessSpec {
  readonly resourceAttributes?: ResourceAttributes | undefined;
  readonly nonResourceAttributes?:
    | { path?: string | undefined; verb?: string | undefined }
    | undefined;
}

export interface Asked {
  readonly authorizer: Authorizer;
  /** Who asks. */
  readonly user: UserInfo;
  readonly body: unknown;
  /** Where, for what is asked in a namespace. */
  readonly namespace: string | undefined;
}

export function selfSubjectAccessReview({ authorizer, user, body }: Asked): object {
  const review = body as SelfSubjectAccessReview;
  return { ...review, status: accessStatus(authorizer, user, review.spec ?? {}) };
}

export function subjectAccessReview({ authorizer, body }: Asked): object {
  const review = body as SubjectAccessReview;
  const { spec } = review;
  if (!spec?.user && !spec?.groups?.length) {
    throw errors.badRequest(
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    );
  }
  const subject: UserInfo = { name: spec.user ?? "", groups: spec.groups ?? [] };
  return { ...review, status: accessStatus(authorizer, subject, spec) };
}

/** Asked by those who may ask about one namespace only. */
export function localSubjectAccessReview(asked: Asked): object {
  const { namespace = "" } = asked;
  const { metadata, spec } = asked.body as SubjectAccessReview;
  if (metadata?.namespace && metadata.namespace !== namespace) {
    throw errors.badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (spec?.nonResourceAttributes) {
    throw errors.badRequest(
      "spec.nonResourceAttributes: Invalid value: disallowed on this kind of request",
    );
  }
  if ((spec?.resourceAttributes?.namespace ?? "") !== namespace) {
    throw errors.badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
  }
  return subjectAccessReview(asked);
}

function accessStatus(authorizer: Authorizer, user: UserInfo, spec: AccessSpec): object {
  const attributes = attributesOf(spec);
  if (!attributes) {
    throw errors.badRequest(
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
  }
  const { isAllowed, reason } = authorizer.decide(user, attributes);
  return { allowed: isAllowed, ...(reason ? { reason } : {}) };
}

function attributesOf(spec: AccessSpec): Attributes | undefined {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (path && !resource) return { verb: path.verb ?? "", path: path.path ?? "" };
  if (!resource || path) return undefined;
  return {
    verb: resource.verb ?? "",
    group: resource.group ?? "",
    resource: resource.resource ?? "",
    subresource: resource.subresource || undefined,
    namespace: resource.namespace || undefined,
    name: resource.name || undefined,
  };
}

export function selfSubjectRulesReview({ authorizer, user, body }: Asked): object {
  const review = body as SelfSubjectRulesReview;
  const { rules, errors: missing } = authorizer.rulesFor(user, review.spec?.namespace);
  const status = {
    incomplete: missing.length > 0,
    ...(missing.length > 0 ? { evaluationError: missing.join(", ") } : {}),
    resourceRules: rules
      .filter((rule) => rule.resources?.length)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames ? { resourceNames } : {}),
      })),
    nonResourceRules: rules
      .filter((rule) => rule.nonResourceURLs?.length)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
  };
  return { ...review, status };
}

export function selfSubjectReview({ user, body }: Asked): object {
  return { ...(body as object), status: { userInfo: userInfoOf(user) } };
}

export function tokenReview(
  authenticator: Authenticator,
  tokens: ServiceAccountTokens,
  body: unknown,
): object {
  const review = body as TokenReview;
  const token = review.spec?.token ?? "";
  const wanted = review.spec?.audiences?.length ? review.spec.audiences : API_AUDIENCES;
  const account = tokens.verify(token);
  const user = account?.user ?? authenticator.fromToken(token);
  const audiences = wanted.filter((one) => (account?.audiences ?? API_AUDIENCES).includes(one));
  const spec = { ...review.spec, token: undefined };
  if (!user || audiences.length === 0) {
    return { ...review, spec, status: { authenticated: false, error: "the token is not valid" } };
  }
  return { ...review, spec, status: { authenticated: true, user: userInfoOf(user), audiences } };
}

function userInfoOf(user: UserInfo): object {
  const { name, uid, groups, extra } = user;
  return { username: name, ...(uid ? { uid } : {}), groups, ...(extra ? { extra } : {}) };
}
