import { describe, expect, test } from "vitest";
import { createAuthorizer } from "#control-plane/apiserver/auth/authorize";
import { impersonated } from "#control-plane/apiserver/auth/impersonate";

const admin = { name: "root", groups: ["system:masters", "system:authenticated"] };
const someone = { name: "someone", groups: ["system:authenticated"] };

const authorizer = createAuthorizer();

describe("impersonation", () => {
  test("without its headers everyone is who they are", async () => {
    expect(await impersonated(admin, { accept: "*/*" }, authorizer)).toBe(admin);
    expect(await impersonated(undefined, {}, authorizer)).toBeUndefined();
  });

  test("an admin becomes the user, with the groups that were named", async () => {
    const headers = { "impersonate-user": "bob", "impersonate-group": "g1, g2" };
    expect(await impersonated(admin, headers, authorizer)).toEqual({
      name: "bob",
      groups: ["g1", "g2", "system:authenticated"],
    });
  });

  test("a service account is in its own groups", async () => {
    const headers = { "impersonate-user": "system:serviceaccount:shop:bot" };
    expect((await impersonated(admin, headers, authorizer))?.groups).toEqual([
      "system:serviceaccounts",
      "system:serviceaccounts:shop",
      "system:authenticated",
    ]);
  });

  test("whoever may not impersonate is refused, not served as themselves", async () => {
    await expect(impersonated(someone, { "impersonate-user": "bob" }, authorizer)).rejects.toThrow(
      'users "bob" is forbidden: User "someone" cannot impersonate resource "users"',
    );
    await expect(
      impersonated(undefined, { "impersonate-user": "bob" }, authorizer),
    ).rejects.toThrow("Unauthorized");
  });

  test("a group without a user is refused", async () => {
    await expect(impersonated(admin, { "impersonate-group": "g1" }, authorizer)).rejects.toThrow(
      "requires a user",
    );
  });
});
