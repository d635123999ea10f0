import type { IncomingHttpHeaders } from "node:http";
import { errors } from "#api/machinery/status-error";
import type { ResourceAttributes } from "#api/rbac/policy-rules";
import type { UserInfo } from "#client/transport";
import { authenticated } from "#control-plane/apiserver/auth/authenticate";
import type { Authorizer } from "#control-plane/apiserver/auth/authorize";

const EXTRA_PREFIX = "impersonate-extra-";

/**
 * Who a request is to be served as: `kubectl --as`, `--as-group`, `--as-uid`. Throws 403 unless the user may
 * impersonate everything that is asked. Never ignores a header of it: the request would run with more rights
 * than its sender meant.
 */
export async function impersonated(
  user: UserInfo | undefined,
  headers: IncomingHttpHeaders,
  authorizer: Authorizer,
): Promise<UserInfo | undefined> {
  const names = Object.keys(headers).filter((name) => name.startsWith("impersonate-"));
  if (names.length === 0) return user;
  if (!user) throw errors.unauthorized();
  const name = valuesOf(headers, "impersonate-user")[0];
  if (!name) {
    throw errors.badRequest("impersonation of a group, a uid or extra information requires a user");
  }
  const asked = valuesOf(headers, "impersonate-group");
  const [uid] = valuesOf(headers, "impersonate-uid");
  const extras = names.filter((each) => each.startsWith(EXTRA_PREFIX));
  const check: Check = (group, path, wanted, namespace) =>
    authorizer.authorize(user, impersonation(group, path, wanted, namespace));
  await checkUser(check, name);
  for (const group of asked) await check("", "groups", group);
  if (uid) await check("authentication.k8s.io", "uids", uid);
  const extra: [string, string[]][] = extras.map((each) => [
    decodeURIComponent(each.slice(EXTRA_PREFIX.length)),
    valuesOf(headers, each),
  ]);
  for (const [key, values] of extra) {
    for (const value of values) await check("authentication.k8s.io", `userextras/${key}`, value);
  }
  return withGroups({
    name,
    groups: asked.length > 0 ? asked : impliedGroups(name),
    ...(uid ? { uid } : {}),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra) } : {}),
  });
}

const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

type Check = (group: string, path: string, name: string, namespace?: string) => Promise<void>;

function checkUser(check: Check, name: string): Promise<void> {
  const [, namespace, account] = ACCOUNT.exec(name) ?? [];
  return account ? check("", "serviceaccounts", account, namespace) : check("", "users", name);
}

function impersonation(
  group: string,
  path: string,
  name: string,
  namespace?: string,
): ResourceAttributes {
  const [resource = "", subresource] = path.split("/");
  return { verb: "impersonate", group, resource, subresource, name, namespace };
}

/** A service account is in its groups whether or not they are named. */
function impliedGroups(name: string): string[] {
  const namespace = ACCOUNT.exec(name)?.[1];
  return namespace ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`] : [];
}

function withGroups(user: UserInfo): UserInfo {
  if (user.name !== "system:anonymous") return authenticated(user);
  if (user.groups.includes("system:unauthenticated")) return user;
  return { ...user, groups: [...user.groups, "system:unauthenticated"] };
}

/** Node joins a header that came several times with ", ", which no user or group name has. */
function valuesOf(headers: IncomingHttpHeaders, name: string): string[] {
  const value = headers[name];
  return [value ?? []]
    .flat()
    .flatMap((each) => each.split(", "))
    .filter(Boolean);
}
