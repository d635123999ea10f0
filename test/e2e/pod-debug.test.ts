import { describe, expect, test } from "vitest";
import type { Pod } from "#api/schema/types";
import { requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod } from "#test/support/parity";

/** `kubectl debug` against a running pod: ephemeral containers, seen through the real kubectl on one real node. */
const at = parityCluster();
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";

const guest = (pod: Pod, name: string) =>
  pod.status?.ephemeralContainerStatuses?.find((each) => each.name === name);

describe("kubectl debug", () => {
  test("a debugger sees the target's processes, is attached to, and ends alone", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(shellPod("target", `echo up; exec sleep 12345`));
    await at.podWith("target", "running", (now) => now.status?.phase === "Running");
    const { code, stdout, stderr } = await at.cluster.kubectlInput(
      "ps -o pid,args\nexit 7\n",
      ...["debug", "-i", "target", "--image", BUSYBOX, "--image-pull-policy=IfNotPresent"],
      ...["--target", "c", "-c", "looker", "--", "sh"],
    );
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^\s*1 sleep 12345$/m);
    const pod = await at.podWith(
      "target",
      "the debugger has ended",
      (now) => guest(now, "looker")?.state?.terminated !== undefined,
    );
    expect(guest(pod, "looker")).toMatchObject({
      ready: false,
      restartCount: 0,
      state: { terminated: { exitCode: 7, reason: "Error" } },
    });
    expect(pod.status?.phase).toBe("Running");
    expect(pod.status?.containerStatuses?.[0]).toMatchObject({ ready: true, restartCount: 0 });
    expect(await at.kubectl("get", "pod", "target")).toMatch(/target\s+1\/1\s+Running\s+0/);
    expect(await at.kubectl("logs", "target", "-c", "looker")).toContain("sleep 12345");
  });

  test("a second one runs beside it: exec and describe know it, and the pod's end is its end", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl(
      ...["debug", "target", "--image", BUSYBOX, "--image-pull-policy=IfNotPresent"],
      ...["--target", "c", "-c", "second", "--", "sh", "-c", STAY],
    );
    await at.podWith(
      "target",
      "it runs",
      (now) => guest(now, "second")?.state?.running !== undefined,
    );
    expect(await at.kubectl("exec", "target", "-c", "second", "--", "cat", "/proc/1/cmdline")).toBe(
      "sleep\u000012345\u0000",
    );
    const described = await at.kubectl("describe", "pod", "target");
    expect(described).toContain("Ephemeral Containers:");
    expect(described).toMatch(/second:\s+Container ID:\s+kaji:/);
    await at.kubectl("delete", "pod", "target", "--timeout=60s");
    expect(await at.refused("get", "pod", "target")).toContain("not found");
  });

  test("a debugger needs no init container to be through, and says what is wrong with its image", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const [first] = shellPod("", STAY).spec.containers;
    await at.apply(shellPod("stuck", STAY, {}, { initContainers: [{ ...first, name: "init" }] }));
    await at.podWith("stuck", "initializing", (now) =>
      Boolean(now.status?.initContainerStatuses?.[0]?.state?.running),
    );
    const debug = ["debug", "stuck", "--image-pull-policy=IfNotPresent"];
    await at.kubectl(...debug, "--image", BUSYBOX, "-c", "early", "--", "echo", "here");
    await at.podWith("stuck", "it ran", (now) => Boolean(guest(now, "early")?.state?.terminated));
    expect(await at.kubectl("logs", "stuck", "-c", "early")).toBe("here\n");
    await at.kubectl(...debug, "--image", "no-such-registry.invalid/x:1", "-c", "broken");
    await at.podWith("stuck", "its image is missing", (now) =>
      /ErrImagePull|ImagePullBackOff/.test(guest(now, "broken")?.state?.waiting?.reason ?? ""),
    );
    expect(await at.kubectl("get", "pod", "stuck")).toContain("Init:0/1");
    await at.kubectl("delete", "pod", "stuck", "--grace-period=0", "--force", "--timeout=60s");
  });

  test("only additions are allowed, and none of what a pod's work rests on", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(shellPod("rules", STAY));
    await at.podWith("rules", "running", (now) => now.status?.phase === "Running");
    const patch = (...containers: object[]) =>
      at.refused(
        ...["patch", "pod", "rules", "--subresource=ephemeralcontainers", "--type=strategic"],
        ...["-p", JSON.stringify({ spec: { ephemeralContainers: containers } })],
      );
    await at.kubectl("debug", "rules", "--image", BUSYBOX, "-c", "first", "--", "true");
    expect(await patch({ $patch: "delete", name: "first" })).toContain(
      'existing ephemeral containers "first" may not be removed',
    );
    expect(await patch({ name: "first", image: "other:1" })).toContain(
      'existing ephemeral containers "first" may not be changed',
    );
    const refused = await patch({
      ...{ name: "bad", image: BUSYBOX, targetContainerName: "nobody" },
      ...{ ports: [{ containerPort: 80 }], resources: { limits: { cpu: "1" } } },
    });
    for (const text of [
      "spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container",
      "spec.ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container",
      'spec.ephemeralContainers[0].targetContainerName: Not found: "nobody"',
    ]) {
      expect(refused).toContain(text);
    }
    await at.kubectl("delete", "pod", "rules", "--grace-period=0", "--force", "--timeout=60s");
  });

  test("a node is looked into through a pod of its own, and a pod through a copy", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const image = ["--image", BUSYBOX, "--image-pull-policy=IfNotPresent", "--profile=general"];
    const onNode = await at.cluster.kubectlInput(
      "ls -d /host/etc\nexit\n",
      ...["debug", "-i", "node/node-1", ...image, "--", "sh"],
    );
    expect(onNode.stdout, onNode.stderr).toContain("/host/etc\n");
    await at.apply(shellPod("original", STAY));
    const copy = ["--copy-to=copy", "--share-processes", ...image, "--", "sleep", "100"];
    await at.kubectl("debug", "original", ...copy);
    await at.kubectl("wait", "--for=condition=Ready", "pod/copy", "--timeout=60s");
    expect(await at.kubectl("exec", "copy", "-c", "c", "--", "ps")).toContain("sleep 100");
    await at.kubectl("delete", "pods", "--all", "--grace-period=0", "--force", "--timeout=60s");
  });
});
