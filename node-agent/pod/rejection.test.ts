import { describe, expect, test } from "vitest";
import type { PodSpec } from "#api/schema/types";
import { rejectionOf, requireSupported } from "#node-agent/pod/rejection";
import { nextStage } from "#node-agent/pod/stage";
import { podStatus } from "#node-agent/pod/status";
import { testPod } from "#test/support/pods";
import { testView } from "#test/support/pod-views";

const sysctl = (name: string, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  securityContext: { sysctls: [{ name, value: "1" }] },
  ...more,
});

const rows: [spec: Partial<PodSpec>, problem: string | undefined][] = [
  [{}, undefined],
  [sysctl("net.ipv4.tcp_syncookies"), undefined],
  [sysctl("net/ipv4/tcp_syncookies"), undefined],
  [sysctl("kernel.shm_rmid_forced"), undefined],
  [sysctl("kernel.msgmax"), '"kernel.msgmax" not allowlisted'],
  [sysctl("vm.swappiness"), '"vm.swappiness" not allowlisted'],
  [
    sysctl("net.ipv4.tcp_syncookies", { hostNetwork: true }),
    'sysctl "net.ipv4.tcp_syncookies" not allowed with host net enabled',
  ],
  [
    sysctl("kernel.shm_rmid_forced", { hostIPC: true }),
    'sysctl "kernel.shm_rmid_forced" not allowed with host ipc enabled',
  ],
];

describe("a pod that a node does not take", () => {
  test.each(rows)("%j: %s", (spec, problem) => {
    const message = problem && `Pod was rejected: forbidden sysctl: ${problem}`;
    expect(rejectionOf(testPod(spec))?.message).toEqual(message);
  });

  test("fails at once, with the reason, and with nothing about containers that never were", () => {
    const view = testView({
      pod: testPod(sysctl("vm.swappiness")),
      stage: "bound",
      sandbox: undefined,
    });
    const stage = nextStage(view);
    expect(stage).toBe("finished");
    const status = podStatus({ ...view, stage }, "192.0.2.1");
    expect(status).toMatchObject({ phase: "Failed", reason: "SysctlForbidden" });
    expect(status.containerStatuses).toBeUndefined();
  });

  test("where there are no user namespaces, the pod that wants one is told why", () => {
    const why = "user.max_user_namespaces is 0 on this host: set it higher";
    expect(() => requireSupported(testPod({ hostUsers: false }), why)).toThrow(
      `can't set \`spec.hostUsers: false\`, runtime does not support user namespaces: ${why}`,
    );
    requireSupported(testPod({ hostUsers: false }), undefined);
    requireSupported(testPod({ hostUsers: true }), why);
  });
});
