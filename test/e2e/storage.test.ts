import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { chaosRng, killOne } from "#test/support/chaos";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster } from "#test/support/parity";

/**
 * Volumes through the real kubectl on one real node: what a pod has written is there for the next pod of that name,
 * whatever is killed in between, and is gone when its claim is. The tests build on each other in order.
 */
const at = parityCluster({ podCidr: "10.221.0.0/16", serviceCidr: "10.71.0.0/16" });
const rng = chaosRng("storage");
const MANIFEST = join(packageRoot(), "manifests/storage/notes.yaml");
const WAIT_MS = 60_000;

async function become(sentence: string, args: string[], pattern: RegExp): Promise<string> {
  let last = "";
  try {
    return await eventually(
      sentence,
      async () => {
        last = await at.kubectl(...args).catch((error: Error) => error.message);
        return pattern.test(last) && last;
      },
      WAIT_MS,
    );
  } catch (cause) {
    throw new Error(`${sentence}: kubectl ${args.join(" ")} says:\n${last}`, { cause });
  }
}

const read = (pod: string): Promise<string> => at.kubectl("exec", pod, "--", "cat", "/notes/log");
const ready = (count: number) =>
  become(
    `${count} pods are ready`,
    ["get", "sts", "notes"],
    new RegExp(`notes\\s+${count}/${count}`),
  );
const directories = (): string[] => readdirSync(join(at.cluster.locations.lib, "volumes")).sort();

async function volumeOf(claim: string): Promise<string> {
  return at.kubectl("get", "pvc", claim, "-o", "jsonpath={.spec.volumeName}");
}

const claim = (name: string, spec: object = {}) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name },
  spec: {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "10Mi" } },
    ...spec,
  },
});

const user = (name: string, volume: object, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "main",
        image: BUSYBOX,
        imagePullPolicy: "IfNotPresent",
        command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.2; done"],
        volumeMounts: [{ name: "v", mountPath: "/v", ...more }],
      },
    ],
    volumes: [{ name: "v", ...volume }],
  },
});

describe("a cluster with volumes", () => {
  test("has a default storage class of its own", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const text = await at.kubectl("get", "sc");
    expect(text).toMatch(
      /^NAME\s+PROVISIONER\s+RECLAIMPOLICY\s+VOLUMEBINDINGMODE\s+ALLOWVOLUMEEXPANSION\s+AGE/,
    );
    expect(text).toMatch(
      /local-path \(default\)\s+kaji.dev\/local-path\s+Delete\s+WaitForFirstConsumer\s+true/,
    );
  });

  test("a claim says why it waits", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      claim("idle"),
      claim("shared", { accessModes: ["ReadWriteMany"] }),
      claim("lost", { storageClassName: "no-such-class" }),
    );
    expect(await at.kubectl("get", "pvc", "idle")).toMatch(/idle\s+Pending\s+local-path/);
    const describe = (name: string, pattern: RegExp) =>
      become(`claim ${name} says why`, ["describe", "pvc", name], pattern);
    await describe(
      "idle",
      /WaitForFirstConsumer.*waiting for first consumer to be created before binding/,
    );
    await describe(
      "lost",
      /ProvisioningFailed.*storageclass.storage.k8s.io "no-such-class" not found/,
    );
    await at.apply(user("sharing", { persistentVolumeClaim: { claimName: "shared" } }));
    await describe("shared", /ProvisioningFailed.*not ReadWriteMany/);
    await become(
      "the pod says why",
      ["describe", "pod", "sharing"],
      /FailedScheduling.*provisioning failed for PVC "default\/shared"/,
    );
    await at.apply(user("waiting", { persistentVolumeClaim: { claimName: "nothing" } }));
    await become(
      "the pod says why",
      ["describe", "pod", "waiting"],
      /persistentvolumeclaim "nothing" not found/,
    );
    const forced = user("forced", { persistentVolumeClaim: { claimName: "idle" } });
    await at.apply({ ...forced, spec: { ...forced.spec, nodeName: "node-1" } });
    await become(
      "a pod that was sent to a node says why it does not start",
      ["describe", "pod", "forced"],
      /FailedMount.*MountVolume.SetUp failed for volume "v" : error processing PVC default\/idle: PVC is not bound/,
    );
    await at.kubectl("delete", "pod", "sharing", "waiting", "forced", "--now");
    await at.kubectl("delete", "pvc", "idle", "shared", "lost");
  });

  test("a StatefulSet gets a volume for each pod", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl("apply", "-f", MANIFEST);
    await ready(3);
    const claims = await at.kubectl("get", "pvc");
    for (const ordinal of [0, 1, 2]) {
      expect(claims).toMatch(
        new RegExp(`notes-notes-${ordinal}\\s+Bound\\s+pvc-\\S+\\s+100Mi\\s+RWO\\s+local-path`),
      );
      expect(await read(`notes-${ordinal}`)).toBe(`started notes-${ordinal}\n`);
    }
    expect(await at.kubectl("get", "pv")).toMatch(
      /pvc-\S+\s+100Mi\s+RWO\s+Delete\s+Bound\s+default\/notes-notes-0\s+local-path/,
    );
    expect(directories()).toHaveLength(3);
  });

  test("what was written survives the pod, the agent, the server and scaling", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.kubectl("delete", "pod", "notes-1");
    await ready(3);
    expect(await read("notes-1")).toBe("started notes-1\n".repeat(2));
    await killOne(at.cluster, "agent", rng);
    await killOne(at.cluster, "server", rng);
    await become("the node is back", ["get", "nodes"], /node-1\s+Ready/);
    await at.kubectl("delete", "pod", "notes-1");
    await ready(3);
    expect(await read("notes-1")).toBe("started notes-1\n".repeat(3));
    await at.kubectl("scale", "sts/notes", "--replicas=1");
    await become(
      "two pods are gone",
      ["get", "pods", "-l", "app=notes", "-o", "name"],
      /^pod\/notes-0\n$/,
    );
    expect(directories()).toHaveLength(3);
    await at.kubectl("scale", "sts/notes", "--replicas=3");
    await ready(3);
    expect(await read("notes-1")).toBe("started notes-1\n".repeat(4));
    expect(await read("notes-0")).toBe("started notes-0\n");
  });

  test("a claim grows where it is", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const patch = { spec: { resources: { requests: { storage: "1Gi" } } } };
    await at.kubectl("patch", "pvc", "notes-notes-0", "--patch", JSON.stringify(patch));
    await become("the claim is larger", ["get", "pvc", "notes-notes-0"], /Bound\s+pvc-\S+\s+1Gi/);
    const smaller = { spec: { resources: { requests: { storage: "1Mi" } } } };
    expect(
      await at.refused("patch", "pvc", "notes-notes-0", "--patch", JSON.stringify(smaller)),
    ).toContain(
      "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
    );
  });

  test("a claim in use stays until its pod is gone, and then its directory is gone too", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const volume = await volumeOf("notes-notes-2");
    const directory = join(at.cluster.locations.lib, "volumes", volume);
    expect(existsSync(directory)).toBe(true);
    await at.kubectl("delete", "pvc", "notes-notes-2", "--wait=false");
    expect(await at.kubectl("get", "pvc", "notes-notes-2")).toContain("Terminating");
    expect(existsSync(directory)).toBe(true);
    await at.kubectl("scale", "sts/notes", "--replicas=2");
    await become("the volume is gone", ["get", "pv"], new RegExp(`^(?![^]*${volume})`));
    expect(existsSync(directory)).toBe(false);
  });

  test("a directory is removed when its node is back, and only then is the volume gone", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(
      claim("brief"),
      user("brief", { persistentVolumeClaim: { claimName: "brief" } }),
    );
    await at.kubectl("wait", "pod/brief", "--for=condition=Ready", "--timeout=60s");
    const volume = await volumeOf("brief");
    await at.kubectl("delete", "pod", "brief");
    const agent = at.cluster.pidOf("agent");
    process.kill(agent, "SIGSTOP");
    try {
      await at.kubectl("delete", "pvc", "brief");
      await become("the volume waits", ["get", "pv", volume], /Terminating\s+default\/brief/);
    } finally {
      process.kill(agent, "SIGCONT");
    }
    await become("the volume is gone", ["get", "pv"], new RegExp(`^(?![^]*${volume})`));
    expect(directories()).not.toContain(volume);
  });

  test("claims go with the set when its policy says so", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const policy = {
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
      },
    };
    await at.kubectl("patch", "sts", "notes", "--patch", JSON.stringify(policy));
    await at.kubectl("scale", "sts/notes", "--replicas=1");
    await become(
      "one claim is left",
      ["get", "pvc", "-o", "name"],
      /^persistentvolumeclaim\/notes-notes-0\n$/,
    );
    await at.kubectl("delete", "sts", "notes");
    await become("no claim is left", ["get", "pvc", "-o", "name"], /^$/);
    await become("no volume is left", ["get", "pv", "-o", "name"], /^$/);
    expect(directories()).toEqual([]);
  });

  test("a volume of an administrator is bound by hand, kept, and mounted read-only and by subPath", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const path = join(at.scratch, "disk");
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "by-hand" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        hostPath: { path, type: "DirectoryOrCreate" },
        storageClassName: "by-hand",
      },
    };
    await at.apply(volume, claim("mine", { storageClassName: "by-hand" }));
    await become("the claim is bound", ["get", "pvc", "mine"], /Bound\s+by-hand\s+1Gi/);
    const source = { persistentVolumeClaim: { claimName: "mine" } };
    await at.apply(
      user("writer", source, { subPath: "a/b" }),
      user("reader", { persistentVolumeClaim: { claimName: "mine", readOnly: true } }),
    );
    await at.kubectl("wait", "pod/writer", "pod/reader", "--for=condition=Ready", "--timeout=60s");
    await at.kubectl("exec", "writer", "--", "sh", "-c", "echo hello > /v/note");
    expect(await at.kubectl("exec", "reader", "--", "cat", "/v/a/b/note")).toBe("hello\n");
    expect(await at.refused("exec", "reader", "--", "touch", "/v/x")).toContain("Read-only");
    await at.kubectl("delete", "pod", "writer", "reader", "--now");
    await at.kubectl("delete", "pvc", "mine");
    await become(
      "the volume is released",
      ["get", "pv", "by-hand"],
      /Retain\s+Released\s+default\/mine/,
    );
    expect(existsSync(join(path, "a/b/note"))).toBe(true);
    await at.kubectl("delete", "pv", "by-hand");
  });

  test("local volumes of an administrator wait for their pod, and are chosen with its node", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const requirement = { key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] };
    const local = (name: string, storage: string) => {
      const path = join(at.scratch, name);
      mkdirSync(path);
      return {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name },
        spec: {
          accessModes: ["ReadWriteOnce"],
          capacity: { storage },
          local: { path },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] } },
          storageClassName: "disks",
        },
      };
    };
    await at.apply(
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "disks" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
      },
      local("disk-large", "9Gi"),
      local("disk-small", "1Gi"),
      claim("disk", { storageClassName: "disks" }),
      claim("none", {
        storageClassName: "disks",
        resources: { requests: { storage: "99Gi" } },
      }),
    );
    await become("both are free", ["get", "pv"], /disk-large.*Available[^]*disk-small.*Available/);
    expect(await at.kubectl("get", "pvc", "disk")).toMatch(/disk\s+Pending/);
    await at.apply(
      user("on-disk", { persistentVolumeClaim: { claimName: "disk" } }),
      user("unlucky", { persistentVolumeClaim: { claimName: "none" } }),
    );
    await at.kubectl("wait", "pod/on-disk", "--for=condition=Ready", "--timeout=60s");
    expect(await at.kubectl("get", "pvc", "disk")).toMatch(/disk\s+Bound\s+disk-small\s+1Gi/);
    await become(
      "the other pod is told why",
      ["describe", "pod", "unlucky"],
      /0\/1 nodes are available: 1 node\(s\) didn't find available persistent volumes to bind\./,
    );
    await at.kubectl("delete", "pod", "on-disk", "unlucky", "--now");
    await at.kubectl("delete", "pvc", "disk", "none");
    await at.kubectl("delete", "pv", "disk-large", "disk-small");
  });

  test("ReadWriteOncePod is for one pod, and an ephemeral volume goes with its pod", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const source = { persistentVolumeClaim: { claimName: "alone" } };
    await at.apply(claim("alone", { accessModes: ["ReadWriteOncePod"] }), user("first", source));
    await at.kubectl("wait", "pod/first", "--for=condition=Ready", "--timeout=60s");
    await at.apply(user("second", source));
    await become(
      "the second pod is told why",
      ["describe", "pod", "second"],
      /node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode/,
    );
    await at.kubectl("delete", "pod", "first");
    await at.kubectl("wait", "pod/second", "--for=condition=Ready", "--timeout=60s");
    const template = { volumeClaimTemplate: { spec: claim("x").spec } };
    await at.apply(user("scratch", { ephemeral: template }));
    await at.kubectl("wait", "pod/scratch", "--for=condition=Ready", "--timeout=60s");
    expect(await at.kubectl("get", "pvc", "scratch-v")).toMatch(/scratch-v\s+Bound/);
    await at.kubectl("delete", "pod", "scratch", "second", "--now");
    await at.kubectl("delete", "pvc", "alone");
    await become("all is gone", ["get", "pvc,pv", "-o", "name"], /^$/);
    expect(directories()).toEqual([]);
  });
});
