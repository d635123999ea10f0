import { describe, expect, test } from "vitest";
import { resolveUser } from "#runtime/plan/users";
import type { ContainerConfig, ImageConfig, SecurityContext } from "#runtime/runtime";

const accounts = {
  passwd: "root:x:0:0::/root:/bin/sh\nweb:x:33:34::/srv:/bin/sh\n",
  group: "root:x:0:\nweb:x:34:\nlogs:x:50:web,other\n",
};

function resolve(user: string | undefined, security: Partial<SecurityContext> = {}) {
  const config = {
    security: { supplementalGroups: [], ...security },
  } as unknown as ContainerConfig;
  const image = (user === undefined ? {} : { user }) as ImageConfig;
  return resolveUser(config, image, accounts);
}

describe("the user of a container", () => {
  test.each([
    [undefined, {}, { uid: 0, gid: 0, groups: [0], home: "/root" }],
    ["web", {}, { uid: 33, gid: 34, groups: [34, 50], home: "/srv" }],
    ["33", {}, { uid: 33, gid: 34, groups: [34, 50], home: "/srv" }],
    ["web:logs", {}, { uid: 33, gid: 50, groups: [50], home: "/srv" }],
    ["1000:2000", {}, { uid: 1000, gid: 2000, groups: [2000], home: "/" }],
    ["web", { runAsUser: "7" }, { uid: 7, gid: 0, groups: [0], home: "/" }],
    [
      "web",
      { runAsGroup: 9, supplementalGroups: [8] },
      { uid: 33, gid: 9, groups: [9, 50, 8], home: "/srv" },
    ],
  ])("image user %s with %j", (user, security, expected) => {
    expect(resolve(user, security)).toEqual(expected);
  });

  test("a name that the image does not have is refused with its name", () => {
    expect(() => resolve("ghost")).toThrow(
      "unable to find user ghost: no matching entries in passwd file",
    );
    expect(() => resolve("web:ghosts")).toThrow("unable to find group ghosts");
  });
});
