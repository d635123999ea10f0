import { describe, expect, test } from "vitest";
import {
  describeViolations,
  levelOf,
  type SecurityLevel,
  stricter,
  violationsOf,
} from "#api/pod-security/evaluate";
import type { Container, PodSpec } from "#api/schema/types";

type SecurityContext = NonNullable<Container["securityContext"]>;

function container(name: string, securityContext: SecurityContext = {}): Container {
  return { name, image: "web:1", securityContext };
}

function said(level: SecurityLevel, spec: Partial<PodSpec>): string {
  const whole = { containers: [container("a", tight)], ...spec };
  return describeViolations(violationsOf({ spec: whole }, level));
}

const tight: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

describe("baseline", () => {
  test.each<[string, Partial<PodSpec>]>([
    ["host namespaces (hostNetwork=true, hostIPC=true)", { hostNetwork: true, hostIPC: true }],
    [
      'hostPath volumes (volumes "x", "y")',
      {
        volumes: [
          { name: "x", hostPath: { path: "/" } },
          { name: "y", hostPath: { path: "/" } },
        ],
      },
    ],
    [
      'hostPort (container "a" uses hostPort 80)',
      { containers: [{ ...container("a"), ports: [{ containerPort: 80, hostPort: 80 }] }] },
    ],
    [
      'privileged (containers "i", "b" must not set securityContext.privileged=true)',
      {
        initContainers: [container("i", { privileged: true })],
        containers: [container("a"), container("b", { privileged: true })],
      },
    ],
    [
      'non-default capabilities (container "a" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add)',
      {
        containers: [
          container("a", { capabilities: { add: ["SYS_ADMIN", "NET_ADMIN", "CHOWN"] } }),
        ],
      },
    ],
    [
      'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
      { containers: [container("a", { procMount: "Unmasked" })] },
    ],
    [
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
      { securityContext: { seccompProfile: { type: "Unconfined" } } },
    ],
    [
      "forbidden sysctls (kernel.msgmax)",
      {
        securityContext: {
          sysctls: [
            { name: "kernel.msgmax", value: "1" },
            { name: "net.ipv4.tcp_syncookies", value: "1" },
          ],
        },
      },
    ],
    [
      'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set)',
      { securityContext: { seLinuxOptions: { type: "spc_t", user: "root" } } },
    ],
    [
      'forbidden AppArmor profile (container "a" must not set AppArmor profile type to "Unconfined")',
      { containers: [container("a", { appArmorProfile: { type: "Unconfined" } })] },
    ],
  ])("says: %s", (sentence, spec) => {
    expect(said("baseline", spec)).toBe(sentence);
  });

  test("lets an ordinary pod be, and the level privileged lets everything be", () => {
    expect(said("baseline", { containers: [container("a")] })).toBe("");
    expect(said("privileged", { hostPID: true })).toBe("");
  });
});

describe("restricted", () => {
  test("says of an ordinary pod all that it lacks, in Kubernetes' order", () => {
    expect(said("restricted", { containers: [container("nginx")] })).toBe(
      'allowPrivilegeEscalation != false (container "nginx" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "nginx" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "nginx" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "nginx" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
    expect(said("restricted", {})).toBe("");
  });

  test.each<[string, Partial<PodSpec>]>([
    [
      'restricted volume types (volume "v" uses restricted volume type "hostPath")',
      { volumes: [{ name: "v", hostPath: { path: "/" } }] },
    ],
    [
      'runAsUser=0 (container "a" must not set runAsUser=0)',
      { containers: [container("a", { ...tight, runAsUser: 0 })] },
    ],
    [
      'runAsNonRoot != true (container "a" must not set securityContext.runAsNonRoot=false)',
      { containers: [container("a", { ...tight, runAsNonRoot: false })] },
    ],
  ])("says: %s", (sentence, spec) => {
    expect(said("restricted", spec)).toBe(sentence);
  });

  test("lets root be root where the pod has users of its own", () => {
    const containers = [container("a", { ...tight, runAsNonRoot: false, runAsUser: 0 })];
    expect(said("restricted", { containers, hostUsers: false })).toBe("");
  });
});

test("the stricter of two levels counts, and no unknown level is lax", () => {
  expect(stricter("baseline", "privileged")).toBe("baseline");
  expect(stricter("baseline", "restricted")).toBe("restricted");
  expect(levelOf(undefined)).toBe("privileged");
  expect(levelOf("typo")).toBe("restricted");
});
