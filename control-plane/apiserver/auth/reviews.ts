import type {
  ResourceAttributes,
  SelfSubjectAccessReview,
  SubjectAccessReview,
  TokenReview,
} from "#api/schema/types";
import { errors } from "#api/machinery/status-error";
import type { UserInfo } from "#client/transport";
import type { Authenticator } from "#control-plane/apiserver/auth/authenticate";
import { type Attributes, isAllowed } from "#control-plane/apiserver/auth/authorize";
import { rulesFor } from "#control-plane/apiserver/auth/rules";
import {
  API_AUDIENCES,
  type ServiceAccountTokens,
} from "#control-plane/apiserver/auth/service-account-tokens";

/** Questions about identity and permission: POSTed, answered, never stored. All but the tokens' are pure. */
interface AccessSpec {
  readonly resourceAttributes?: ResourceAttributes | undefined;
  readonly nonResourceAttributes?:
    | { path?: string | undefined; verb?: string | undefined }
    | undefined;
}

export function selfSubjectAccessReview(user: UserInfo, body: unknown): object {
  const review = body as SelfSubjectAccessReview;
  return { ...review, status: accessStatus(user, review.spec ?? {}) };
}

export function subjectAccessReview(body: unknown): object {
  const review = body as SubjectAccessReview;
  const { spec } = review;
  if (!spec?.user && !spec?.groups?.length) {
    throw errors.badRequest(
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    );
  }
  const subject: UserInfo = { name: spec.user ?? "", groups: spec.groups ?? [] };
  return { ...review, status: accessStatus(subject, spec) };
}

function accessStatus(user: UserInfo, spec: AccessSpec): object {
  const attributes = attributesOf(spec);
  if (!attributes) {
    throw errors.badRequest(
      "exactly one of nonResourceAttributes or resourceAttributes must be specified",
    );
  }
  return isAllowed(user, attributes) ? { allowed: true } : { allowed: false };
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

export function selfSubjectRulesReview(user: UserInfo, body: unknown): object {
  const rules = rulesFor(user);
  const status = {
    incomplete: false,
    resourceRules: rules
      .filter((rule) => rule.resources)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames ? { resourceNames } : {}),
      })),
    nonResourceRules: rules
      .filter((rule) => rule.nonResourceURLs)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
  };
  return { ...(body as object), status };
}

export function selfSubjectReview(user: UserInfo, body: unknown): object {
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
