import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clusterRoleKind } from "#api/kinds/cluster-role";
import { clusterRoleBindingKind } from "#api/kinds/cluster-role-binding";
import { roleKind } from "#api/kinds/role";
import { roleBindingKind } from "#api/kinds/role-binding";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { RbacV1Subject } from "#api/schema/types";
import { type Authorizer, createAuthorizer } from "#control-plane/apiserver/auth/authorize";
import { createRoleRules } from "#control-plane/apiserver/auth/rbac/role-rules";
import { encodeObject } from "#control-plane/apiserver/storage/codec";
import { kindPrefix, objectKey } from "#control-plane/apiserver/storage/keys";
import { WatchCache } from "#control-plane/apiserver/storage/watch-cache";

const GROUP = "rbac.authorization.k8s.io";
const NAMESPACES = ["a", "b"];
const VERBS = ["get", "list"];

/** Watch caches of RBAC's kinds that a test writes to. */
class Objects {
  private readonly caches = new Map<string, WatchCache>();
  private revision = 0;

  constructor() {
    for (const kind of [roleKind, clusterRoleKind, roleBindingKind, clusterRoleBindingKind]) {
      this.caches.set(kindPrefix(kind), new WatchCache(kind as unknown as Kind));
    }
  }

  cacheOf(kind: Pick<Kind, "group" | "plural">): WatchCache {
    return this.caches.get(kindPrefix(kind)) as WatchCache;
  }

  authorizer(): Authorizer {
    return createAuthorizer(createRoleRules(this));
  }

  change(type: "put" | "delete", kind: Kind, name: string, namespace: string, rest: object): void {
    const metadata = { name, ...(kind.isNamespaced ? { namespace } : {}) };
    const object = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, ...rest };
    const key = objectKey(kind, kind.isNamespaced ? namespace : undefined, name);
    const value = encodeObject(object);
    const revision = ++this.revision;
    const keyValue = { key, value, createRevision: 1, modRevision: revision, version: 1 };
    this.cacheOf(kind).apply({ type, keyValue, previous: undefined });
  }
}

interface Step {
  readonly type: "put" | "delete";
  readonly isCluster: boolean;
  readonly name: string;
  readonly namespace: string;
  readonly role: string;
  readonly subjects: readonly RbacV1Subject[];
}

const subject = fc.constantFrom<RbacV1Subject>(
  { kind: "User", name: "jane" },
  { kind: "User", name: "system:serviceaccount:a:bot" },
  { kind: "Group", name: "team" },
  { kind: "ServiceAccount", name: "bot", namespace: "a" },
  { kind: "ServiceAccount", name: "bot" },
);
const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom("put" as const, "put" as const, "delete" as const),
  isCluster: fc.boolean(),
  name: fc.constantFrom("x", "y", "z"),
  namespace: fc.constantFrom(...NAMESPACES),
  role: fc.constantFrom(...VERBS, "missing"),
  subjects: fc.uniqueArray(subject, { maxLength: 3 }),
});
const steps = fc.array(step, { maxLength: 25 });

const users = [
  { name: "jane", groups: ["team"] },
  { name: "joe", groups: ["team", "other"] },
  { name: "system:serviceaccount:a:bot", groups: ["system:serviceaccounts"] },
  { name: "system:serviceaccount:b:bot", groups: [] },
  { name: "nobody", groups: [] },
];

function withRoles(): Objects {
  const objects = new Objects();
  for (const verb of VERBS) {
    const rules = [{ verbs: [verb], apiGroups: [""], resources: ["pods"] }];
    objects.change("put", clusterRoleKind, verb, "", { rules });
  }
  return objects;
}

function take(objects: Objects, { type, isCluster, name, namespace, role, subjects }: Step): void {
  const kind = isCluster ? clusterRoleBindingKind : roleBindingKind;
  const roleRef = { apiGroup: GROUP, kind: "ClusterRole", name: role };
  objects.change(type, kind as unknown as Kind, name, namespace, { roleRef, subjects });
}

/** Everything that anyone may do, one line each. */
function rights(authorizer: Authorizer): string[] {
  return users.flatMap((user) =>
    [undefined, ...NAMESPACES].flatMap((namespace) =>
      VERBS.filter((verb) => {
        const attributes = { verb, group: "", resource: "pods", namespace };
        return authorizer.decide(user, attributes).isAllowed;
      }).map((verb) => `${user.name} ${verb} ${namespace ?? "everywhere"}`),
    ),
  );
}

describe("what bindings give", () => {
  test("is the same whether they were there at first or came one by one", () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const objects = withRoles();
        const following = objects.authorizer();
        for (const one of changes) take(objects, one);
        expect(rights(following)).toEqual(rights(objects.authorizer()));
      }),
    );
  });

  test("never becomes less by one more", () => {
    fc.assert(
      fc.property(steps, step, (changes, more) => {
        const objects = withRoles();
        for (const one of changes) take(objects, one);
        const authorizer = objects.authorizer();
        const before = rights(authorizer);
        take(objects, { ...more, type: "put", name: "another" });
        expect(rights(authorizer)).toEqual(expect.arrayContaining(before));
      }),
    );
  });

  test("is gone with the last of them", () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const objects = withRoles();
        const authorizer = objects.authorizer();
        for (const one of changes) take(objects, one);
        for (const one of changes) take(objects, { ...one, type: "delete" });
        expect(rights(authorizer)).toEqual([]);
      }),
    );
  });

  test("in the whole cluster also holds in every namespace", () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const objects = withRoles();
        for (const one of changes) take(objects, one);
        const found = rights(objects.authorizer());
        for (const everywhere of found.filter((line) => line.endsWith("everywhere"))) {
          for (const namespace of NAMESPACES) {
            expect(found).toContain(everywhere.replace("everywhere", namespace));
          }
        }
      }),
    );
  });

  test("survives a cache that starts over", () => {
    const objects = withRoles();
    const authorizer = objects.authorizer();
    const jane = [{ kind: "User", name: "jane" }];
    const roleRef = { apiGroup: GROUP, kind: "ClusterRole", name: "get" };
    objects.change("put", roleBindingKind, "x", "a", { roleRef, subjects: jane });
    const cache = objects.cacheOf(roleBindingKind);
    const before = cache.list(undefined);
    cache.replace([], 90);
    expect(rights(authorizer)).toEqual([]);
    cache.replace(before, 91);
    expect(rights(authorizer)).toEqual(["jane get a"]);
  });
});

describe("without any binding", () => {
  const authorizer = createAuthorizer();
  const anything = { verb: "delete", group: "", resource: "nodes", name: "n" };

  test("system:masters may do all", async () => {
    const root = { name: "root", groups: ["system:masters"] };
    await authorizer.authorize(root, anything);
    await authorizer.authorize(root, { verb: "get", path: "/metrics" });
  });

  test("a service account may ask what there is and what it may, and nothing else", async () => {
    const bot = { name: "system:serviceaccount:a:bot", groups: ["system:authenticated"] };
    await authorizer.authorize(bot, { verb: "get", path: "/apis/apps/v1" });
    await expect(authorizer.authorize(bot, anything)).rejects.toThrow(
      'nodes "n" is forbidden: User "system:serviceaccount:a:bot" cannot delete resource "nodes" in API group "" at the cluster scope',
    );
  });
});
