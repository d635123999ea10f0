import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { eventually, findProgram, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod, succeeded } from "#test/support/parity";
import { firstIdsOf } from "#test/support/user-ranges";

/**
 * Pods with `hostUsers: false` on a real node, seen from both sides: root inside, nobody on the host. The tests build
 * on each other in order.
 */
const at = parityCluster({ podCidr: "10.236.0.0/16", serviceCidr: "10.86.0.0/16" });
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const OWN = { hostUsers: false };
const BLOCK = 65_536;
const WAIT_MS = 40_000;

const needs = (context: Parameters<typeof requireHost>[0]): void =>
  requireHost(context, PARITY_NEEDS);
const inPod = (name: string, line: string, container = "c"): Promise<string> =>
  at.kubectl("exec", name, "-c", container, "--", "sh", "-c", line);

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ??
  false;

async function start(name: string, spec: object = {}, container: object = {}): Promise<void> {
  await at.apply(shellPod(name, STAY, container, { ...OWN, ...spec }));
  await at.podWith(name, "is ready", isReady);
}

const firstIds = (): number[] => [...firstIdsOf(at.cluster.locations).values()];

/** Ids of a host's process whose command line is this text: those it has, and those of the host that its 0 is. */
function onHost(command: string): { uid: number; gid: number; map: string } | undefined {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ") !== command) continue;
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const idOf = (name: string) =>
        Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
      const map = readFileSync(`/proc/${pid}/uid_map`, "utf8").trim().replace(/\s+/g, " ");
      return { uid: idOf("Uid"), gid: idOf("Gid"), map };
    } catch {
      // It ended meanwhile.
    }
  }
  return undefined;
}

/** The first file of that name below a directory. */
function findFile(directory: string, name: string): string | undefined {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.name === name && entry.isFile()) return join(entry.parentPath, entry.name);
  }
  return undefined;
}

async function forwarded(pod: string, port: number, path: string): Promise<string> {
  const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig };
  const args = ["port-forward", `pod/${pod}`, `:${port}`];
  const forward = spawn(findProgram("kubectl") ?? "kubectl", args, { env });
  try {
    let output = "";
    forward.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const local = await eventually(
      "a port is forwarded",
      () => /127\.0\.0\.1:(\d+)/.exec(output)?.[1],
    );
    return await (await fetch(`http://127.0.0.1:${local}/${path}`)).text();
  } finally {
    forward.kill();
  }
}

describe("a pod with users of its own", () => {
  test("is root inside and nobody's number on the host, each pod another one", async (context) => {
    needs(context);
    const node: Node = JSON.parse(await at.kubectl("get", "node", "node-1", "-o", "json"));
    expect(node.status?.runtimeHandlers).toContainEqual({
      name: "",
      features: { recursiveReadOnlyMounts: false, userNamespaces: true },
    });
    await start("one", {}, { command: ["sh", "-c", "exec sleep 300001"] });
    await start(
      "two",
      { securityContext: { runAsUser: 1000, runAsGroup: 1001 } },
      {
        command: ["sh", "-c", "exec sleep 300002"],
      },
    );
    expect(await inPod("one", "id -u; id -g; cat /proc/self/uid_map /proc/self/setgroups")).toMatch(
      /^0\n0\n +0 +\d+ +65536\nallow\n$/,
    );
    const [one, two] = [onHost("sleep 300001 "), onHost("sleep 300002 ")];
    const held = firstIds();
    expect(new Set(held).size).toBe(2);
    for (const firstId of held) {
      expect(firstId % BLOCK).toBe(0);
      expect(firstId).toBeGreaterThanOrEqual(BLOCK);
    }
    expect(held).toContain(one?.uid);
    expect(one).toEqual({ uid: one?.uid, gid: one?.uid, map: `0 ${one?.uid} ${BLOCK}` });
    const other = held.find((firstId) => firstId !== one?.uid) ?? 0;
    expect(two).toEqual({ uid: other + 1000, gid: other + 1001, map: `0 ${other} ${BLOCK}` });
  });

  test("finds the owners of its image's and volumes' files as without", async (context) => {
    needs(context);
    const files =
      "/bin /etc/passwd /etc/hosts /etc/resolv.conf /dev/termination-log /dev/null /map /map/key /secret/key /api/token /plain /memory /claim";
    await at.apply(
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "map" }, data: { key: "m" } },
      { apiVersion: "v1", kind: "Secret", metadata: { name: "secret" }, stringData: { key: "s" } },
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "disk" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
      },
    );
    const token = { serviceAccountToken: { path: "token" } };
    const mounts = ["map", "secret", "api", "plain", "memory", "claim"];
    const volumes = [
      { name: "map", configMap: { name: "map" } },
      { name: "secret", secret: { secretName: "secret", defaultMode: 0o400 } },
      { name: "api", projected: { sources: [token] } },
      { name: "plain", emptyDir: {} },
      { name: "memory", emptyDir: { medium: "Memory" } },
      { name: "claim", persistentVolumeClaim: { claimName: "disk" } },
    ];
    const container = { volumeMounts: mounts.map((name) => ({ name, mountPath: `/${name}` })) };
    const spec = { volumes, securityContext: { fsGroup: 3000 } };
    await start("owned", spec, container);
    await start("common", { ...spec, hostUsers: true }, container);
    const seen = `stat -L -c '%n %u %g %a' ${files}; cat /map/key /secret/key; id -G`;
    const inside = await inPod("owned", seen);
    expect(inside).toBe(await inPod("common", seen));
    expect(inside).toContain("/bin 0 0 755\n");
    expect(inside).toContain("/memory 0 3000 2777\n");
    const made = "/plain/f /memory/f /claim/f /own /dev/shm/f";
    const write = `touch ${made} && chown 7:8 /own && stat -c '%n %u %g' ${made}`;
    expect(await inPod("owned", write)).toBe(
      "/plain/f 0 3000\n/memory/f 0 3000\n/claim/f 0 3000\n/own 7 8\n/dev/shm/f 0 0\n",
    );
    // Who has the host's users finds the same owners in a volume that both have.
    expect(await inPod("common", "stat -c '%u %g' /claim/f")).toBe("0 3000\n");
    const uid = await at.kubectl("get", "pod", "owned", "-o", "jsonpath={.metadata.uid}");
    const volume = join(at.cluster.locations.lib, "agent/pods", uid);
    const plain = await eventually("the emptyDir is found", () => findFile(volume, "f"));
    // On the disk a volume has the ids that are seen inside, so that another pod finds the same.
    expect(lstatSync(plain)).toMatchObject({ uid: 0, gid: 3000 });
    const own = findFile(join(at.cluster.locations.lib, "containers"), "own");
    expect(firstIds().map((firstId) => firstId + 7)).toContain(lstatSync(own ?? "").uid);
    await at.kubectl("delete", "pod", "common", "--wait=false");
  });

  test("shares its users among all its containers, and ends like any other", async (context) => {
    needs(context);
    const shell = { image: BUSYBOX, imagePullPolicy: "IfNotPresent" };
    const volumeMounts = [{ name: "ids", mountPath: "/ids" }];
    const note = (name: string): string[] => [
      "sh",
      "-c",
      `readlink /proc/self/ns/user >/ids/${name}`,
    ];
    await start(
      "many",
      {
        shareProcessNamespace: true,
        volumes: [{ name: "ids", emptyDir: {} }],
        initContainers: [
          { name: "first", ...shell, command: note("first"), volumeMounts },
          {
            name: "sidecar",
            ...shell,
            restartPolicy: "Always",
            command: ["sh", "-c", `${note("sidecar")[2]}; ${STAY}`],
            volumeMounts,
          },
        ],
      },
      {
        command: ["sh", "-c", `${note("c")[2]}; echo started; ${STAY}`],
        volumeMounts,
        readinessProbe: { exec: { command: note("probe") }, periodSeconds: 1 },
      },
    );
    const looker = ["--image", BUSYBOX, "--image-pull-policy=IfNotPresent", "--target", "c"];
    const debugged = await at.cluster.kubectlInput(
      "readlink /proc/self/ns/user; kill -0 1 && echo sees; exit\n",
      ...["debug", "-i", "many", ...looker, "-c", "looker", "--", "sh"],
    );
    const spaces = (
      await inPod(
        "many",
        "cat /ids/first /ids/sidecar /ids/c /ids/probe; readlink /proc/self/ns/user",
      )
    )
      .trim()
      .split("\n");
    expect(spaces).toHaveLength(5);
    expect(new Set([...spaces, /^user:.*$/m.exec(debugged.stdout)?.[0]]).size).toBe(1);
    expect(debugged.stdout).toContain("sees");
    expect(await at.kubectl("logs", "many", "-c", "c")).toBe("started\n");
    await at.kubectl("delete", "pod", "many", "--timeout=60s");
  });

  test("is copied to and from, resized, forwarded to, and its terminal works", async (context) => {
    needs(context);
    await start(
      "web",
      {},
      {
        command: ["sh", "-c", "echo hello >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"],
        readinessProbe: { httpGet: { path: "/index.html", port: 8080 }, periodSeconds: 1 },
        resources: {
          requests: { cpu: "100m", memory: "32Mi" },
          limits: { cpu: "100m", memory: "32Mi" },
        },
        resizePolicy: [{ resourceName: "memory", restartPolicy: "NotRequired" }],
      },
    );
    const local = join(at.scratch, "copied");
    writeFileSync(local, "there and back\n");
    await at.kubectl("cp", local, "web:/tmp/copied");
    await at.kubectl("cp", "web:/tmp/copied", `${local}.back`);
    expect(readFileSync(`${local}.back`, "utf8")).toBe("there and back\n");
    const sized = { cpu: "150m", memory: "48Mi" };
    const patch = {
      spec: { containers: [{ name: "c", resources: { requests: sized, limits: sized } }] },
    };
    await at.kubectl("patch", "pod", "web", "--subresource", "resize", "-p", JSON.stringify(patch));
    await at.podWith(
      "web",
      "has its new limits",
      ({ status }) => status?.containerStatuses?.[0]?.resources?.limits?.["memory"] === "48Mi",
    );
    expect(await forwarded("web", 8080, "index.html")).toBe("hello\n");
    await at.apply(
      shellPod(
        "typed",
        "tty; stat -c %u-%g $(tty); ls -l /dev/console >/dev/null && echo console",
        { tty: true, stdin: true },
        { ...OWN, restartPolicy: "Never" },
      ),
    );
    await at.podWith("typed", "is over", ({ status }) => status?.phase === "Succeeded");
    expect((await at.kubectl("logs", "typed")).replaceAll("\r", "")).toBe(
      "/dev/pts/0\n0-5\nconsole\n",
    );
  });
});

/** All that a pod may ask for, so that nothing but its users keeps it from the host. */
const mighty = {
  securityContext: {
    capabilities: { add: ["ALL"] },
    seccompProfile: { type: "Unconfined" },
    procMount: "Unmasked",
  },
};

describe("a mighty pod with users of its own", () => {
  test("rules its own network and mounts, and not the host's kernel, devices and processes", async (context) => {
    needs(context);
    await start("mighty", {}, mighty);
    const own =
      "echo 1 >/proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward; mkdir /m && mount -t tmpfs t /m && echo mounted; hostname other && hostname; ip addr add 192.0.2.7/32 dev lo && echo added";
    expect(await inPod("mighty", own)).toBe("1\nmounted\nother\nadded\n");
    const [device = ""] = readdirSync("/sys/class/block");
    const numbers = readFileSync(`/sys/class/block/${device}/dev`, "utf8").trim().replace(":", " ");
    const attacks = [
      "echo 0 >/proc/sys/kernel/panic",
      "echo x >/proc/sys/kernel/core_pattern",
      "echo b >/proc/sysrq-trigger",
      `mknod /disk b ${numbers}`,
      "mknod /zero c 1 5",
      "mount -t ext4 /dev/vda /m",
      "mount -t cgroup c /m -o memory && echo 1 >/m/memory.limit_in_bytes",
      "chown 70000 /tmp",
      "nsenter -t 1 -m -u -n -i -p true && nsenter -t 1 -U true && cat /proc/1/root/etc/shadow",
      "insmod /bin/busybox",
      "date -s 2020-01-01",
      "umount /etc/hosts",
      "umount /proc",
    ];
    for (const attack of attacks) {
      const { code, stderr } = await at.cluster.kubectl("exec", "mighty", "--", "sh", "-c", attack);
      const isRefused = code !== 0 || stderr.includes("Operation not permitted");
      expect({ attack, isRefused }, stderr).toEqual({ attack, isRefused: true });
    }
    expect(await inPod("mighty", "ls /proc | grep -c '^[0-9]*$'")).toMatch(/^[2-5]\n$/);
  });

  test("cannot make a volume writable that it was given to read, nor uncover one", async (context) => {
    needs(context);
    const volumes = [{ name: "v", hostPath: { path: at.scratch, type: "Directory" } }];
    const volumeMounts = [{ name: "v", mountPath: "/v", readOnly: true }];
    await start("reader", { volumes }, { ...mighty, volumeMounts });
    const line =
      "mount -o remount,rw,bind /v; umount /v; touch /v/x; mount --bind /v /mnt; touch /v/x";
    const { code, stderr } = await at.cluster.kubectl("exec", "reader", "--", "sh", "-c", line);
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(existsSync(join(at.scratch, "x"))).toBe(false);
    await at.kubectl("delete", "pod", "reader", "--timeout=60s");
  });

  test("cannot touch another pod's files, although it mounts the directory they are in", async (context) => {
    needs(context);
    const shared = join(at.scratch, "shared");
    mkdirSync(shared);
    const volumes = [
      { name: "all", hostPath: { path: join(at.cluster.locations.lib, "containers") } },
      { name: "shared", hostPath: { path: shared } },
    ];
    const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
    await start("thief", { volumes }, { ...mighty, volumeMounts });
    await inPod("one", "echo secret >/tmp/treasure; chmod 600 /tmp/treasure");
    const found = (await inPod("thief", "find /all -name treasure")).trim();
    expect(found).toMatch(/^\/all\/.*\/tmp\/treasure$/);
    const take = `stat -c %u ${found}; cat ${found}; echo x >${found}; chmod 666 ${found}; chown 0 ${found}; rm ${found}`;
    const { stdout, stderr } = await at.cluster.kubectl("exec", "thief", "--", "sh", "-c", take);
    expect(stdout, stderr).toBe("65534\n");
    expect(await inPod("one", "cat /tmp/treasure")).toBe("secret\n");
    // What is meant to be shared has the same owners for all, as in Kubernetes.
    await inPod("thief", "echo note >/shared/note");
    expect(lstatSync(join(shared, "note"))).toMatchObject({ uid: 0, gid: 0 });
    await at.kubectl("delete", "pod", "thief", "mighty", "--timeout=60s");
  });
});

describe("the node", () => {
  test("keeps the ranges of its pods when the agent is killed, and takes them back with the pods", async (context) => {
    needs(context);
    const before = firstIds();
    const map = await inPod("one", "cat /proc/self/uid_map");
    process.kill(at.cluster.pidOf("agent"), "SIGKILL");
    await at.apply(
      shellPod("after", "cat /proc/self/uid_map", {}, { ...OWN, restartPolicy: "Never" }),
    );
    await at.podWith("after", "is over", ({ status }) => status?.phase === "Succeeded");
    const [, firstId = ""] = (await at.kubectl("logs", "after")).trim().split(/\s+/);
    expect(before).not.toContain(Number(firstId));
    expect(await inPod("one", "cat /proc/self/uid_map")).toBe(map);
    // It is over: its users are nobody's again, while the object stays.
    await eventually("the range is back", () => !firstIds().includes(Number(firstId)), WAIT_MS);
    await at.kubectl("delete", "pod", "--all", "--timeout=60s");
    await eventually("no range is held", () => firstIds().length === 0, WAIT_MS);
  });

  test("refuses what cannot be mapped, with a sentence", async (context) => {
    needs(context);
    const volumes = [{ name: "v", hostPath: { path: "/proc" } }];
    const volumeMounts = [{ name: "v", mountPath: "/v" }];
    await at.apply(shellPod("unmapped", STAY, { volumeMounts }, { ...OWN, volumes }));
    await eventually(
      "an event says it",
      async () =>
        (await at.kubectl("events", "--for", "pod/unmapped")).includes(
          "/proc: its file system does not support idmapped mounts, which a pod with hostUsers: false needs",
        ),
      WAIT_MS,
    );
    await at.kubectl("delete", "pod", "unmapped", "--timeout=60s");
  });

  test("leaves no range held on the host when it goes", async (context) => {
    needs(context);
    await start("last");
    expect(firstIds()).toHaveLength(1);
    succeeded(await at.cluster.down());
    expect(firstIds()).toEqual([]);
  });
});
