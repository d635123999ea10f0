import { describe, expect, test } from "vitest";
import type { PodSecurityContext, SecurityContext } from "#api/schema/types";
import { securityContext } from "#node-agent/container/security";
import type { ImageConfig } from "#runtime/runtime";
import { testPod } from "#test/support/pods";

const image = (user?: string): ImageConfig => ({
  env: [],
  entrypoint: [],
  cmd: [],
  exposedPorts: [],
  labels: {},
  ...(user ? { user } : {}),
});

function of(own: SecurityContext, shared: PodSecurityContext = {}, user?: string) {
  const pod = testPod({ securityContext: shared });
  return securityContext(pod, { name: "web", securityContext: own }, image(user), "/seccomp");
}

describe("securityContext", () => {
  test("without wishes: the image's user, the default profile, no privileges", () => {
    expect(of({})).toEqual({
      supplementalGroups: [],
      isPrivileged: false,
      isReadOnlyRootfs: false,
      addCapabilities: [],
      dropCapabilities: [],
      allowPrivilegeEscalation: true,
      seccomp: "runtime-default",
      masksProc: true,
    });
  });

  test("a container's wishes go before its pod's", () => {
    const shared = { runAsUser: 1, runAsGroup: 2, fsGroup: 3, supplementalGroups: [4] };
    expect(of({ runAsUser: 9 }, shared)).toMatchObject({
      runAsUser: "9",
      runAsGroup: 2,
      supplementalGroups: [4, 3],
    });
  });

  test.each([
    [{ type: "Unconfined" }, "unconfined"],
    [{ type: "RuntimeDefault" }, "runtime-default"],
    [{ type: "Localhost", localhostProfile: "a/b.json" }, { path: "/seccomp/a/b.json" }],
  ])("seccomp profile %j", (seccompProfile, seccomp) => {
    expect(of({ seccompProfile }).seccomp).toEqual(seccomp);
  });

  test("a profile outside its folder is refused", () => {
    const seccompProfile = { type: "Localhost", localhostProfile: "../shadow" };
    expect(() => of({ seccompProfile })).toThrow("must be a path below");
  });

  test.each([
    [
      { runAsNonRoot: true, runAsUser: 0 },
      undefined,
      "container's runAsUser breaks non-root policy",
    ],
    [{ runAsNonRoot: true }, undefined, "container has runAsNonRoot and image will run as root"],
    [
      { runAsNonRoot: true },
      "web",
      "image has non-numeric user (web), cannot verify user is non-root",
    ],
  ])("%j with image user %s is refused", (own, user, message) => {
    expect(() => of(own, {}, user)).toThrow(message);
  });

  test("a numeric user of the image satisfies runAsNonRoot", () => {
    expect(of({ runAsNonRoot: true }, {}, "1000:1000").runAsUser).toBeUndefined();
  });
});
