import { describe, expect, test } from "vitest";
import { impersonated } from "#control-plane/apiserver/auth/impersonate";

const admin = { name: "root", groups: ["system:masters", "system:authenticated"] };
const someone = { name: "someone", groups: ["system:authenticated"] };

describe("impersonation", () => {
  test("without its headers everyone is who they are", () => {
    expect(impersonated(admin, { accept: "*/*" })).toBe(admin);
    expect(impersonated(undefined, {})).toBeUndefined();
  });

  test("an admin becomes the user, with the groups that were named", () => {
    const headers = { "impersonate-user": "bob", "impersonate-group": "g1, g2" };
    expect(impersonated(admin, headers)).toEqual({
      name: "bob",
      groups: ["g1", "g2", "system:authenticated"],
    });
  });

  test("a service account is in its own groups", () => {
    const headers = { "impersonate-user": "system:serviceaccount:shop:bot" };
    expect(impersonated(admin, headers)?.groups).toEqual([
      "system:serviceaccounts",
      "system:serviceaccounts:shop",
      "system:authenticated",
    ]);
  });

  test("whoever may not impersonate is refused, not served as themselves", () => {
    expect(() => impersonated(someone, { "impersonate-user": "bob" })).toThrow(
      'users "bob" is forbidden: User "someone" cannot impersonate resource "users"',
    );
    expect(() => impersonated(undefined, { "impersonate-user": "bob" })).toThrow("Unauthorized");
  });

  test("a group without a user is refused", () => {
    expect(() => impersonated(admin, { "impersonate-group": "g1" })).toThrow("requires a user");
  });
});
