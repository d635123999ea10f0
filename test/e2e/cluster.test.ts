import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { busyboxTar, createCluster, type Finished, type TestCluster } from "#test/support/cluster";
import { eventually, findProgram, requireHost } from "#test/support/host";
import { type HostState, readHostState } from "#test/support/host-state";
import { startLoad } from "#test/support/load";

/**
 * The whole path as a user walks it: `kaji up`, images, the real kubectl, real containers, real nginx, kills in
 * the middle, `kaji down`. One cluster for the file; the tests build on each other in order.
 */
const NEEDS = { root: true, programs: ["kubectl", "nginx", "nft", "ip", "busybox", "gcc"] };
const isPossible =
  process.getuid?.() === 0 && NEEDS.programs.every((name) => findProgram(name) !== undefined);
const DEMO = join(packageRoot(), "manifests/demo");
const HOST = "demo.localhost";

let cluster: TestCluster;
let before: HostState;
let scratch: string;

beforeAll(async () => {
  if (!isPossible) return;
  scratch = mkdtempSync(join(tmpdir(), "kaji-scratch-"));
  cluster = await createCluster();
  before = readHostState(cluster);
  ok(await cluster.up());
});

afterAll(async () => {
  if (!isPossible) return;
  await cluster.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

function ok(finished: Finished): string {
  expect(finished, finished.stderr).toMatchObject({ code: 0 });
  return finished.stdout;
}

async function kubectl(...args: string[]): Promise<string> {
  return ok(await cluster.kubectl(...args));
}

interface PodJson {
  metadata: { name: string; uid: string };
  spec: { containers: { image: string }[] };
  status: {
    podIP?: string;
    containerStatuses?: { restartCount: number }[];
    conditions?: { type: string; status: string }[];
  };
}

async function pods(
  selector: string,
): Promise<
  { name: string; uid: string; restarts: number; ready: boolean; ip: string; image: string }[]
> {
  const { items } = JSON.parse(await kubectl("get", "pods", "-l", selector, "-o", "json"));
  return items.map((pod: PodJson) => ({
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    restarts: pod.status.containerStatuses?.[0]?.restartCount ?? 0,
    ready:
      pod.status.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false,
    ip: pod.status.podIP ?? "",
    image: pod.spec.containers[0]?.image ?? "",
  }));
}

function ask(path = "", host = HOST): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const outgoing = request(
      cluster.url + path,
      { headers: { host }, agent: false, timeout: 30_000 },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: body.trim() }));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", (error) => resolve({ status: 0, body: error.message }));
    outgoing.end();
  });
}

describe("a one-machine cluster", () => {
  test("a node is there and ready with its real capacity", async (context) => {
    requireHost(context, NEEDS);
    expect(await kubectl("get", "nodes")).toMatch(/^node-1\s+Ready/m);
    const capacity = JSON.parse(
      await kubectl("get", "node", "node-1", "-o", "jsonpath={.status.capacity}"),
    );
    expect(Number(capacity.cpu)).toBeGreaterThan(0);
    expect(capacity.pods).toBe("110");
  });

  test("a Dockerfile is built twice to the same digest", async (context) => {
    requireHost(context, NEEDS);
    ok(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
    const build = (version: string, tag: string): Promise<Finished> =>
      cluster.kaji("build", DEMO, "--tag", tag, "--build-arg", `VERSION=${version}`, "--no-cache");
    const first = ok(await build("v1", "kaji.dev/demo:v1"))
      .trim()
      .split("\n")
      .at(-1);
    const again = ok(await build("v1", "kaji.dev/demo:again"))
      .trim()
      .split("\n")
      .at(-1);
    expect(first).toMatch(/sha256:[0-9a-f]{64}/);
    expect(again?.match(/sha256:[0-9a-f]+/)?.[0]).toBe(first?.match(/sha256:[0-9a-f]+/)?.[0]);
    ok(await build("v2", "kaji.dev/demo:v2"));
  });

  test("one YAML file becomes containers that answer through nginx", async (context) => {
    requireHost(context, NEEDS);
    const files = ["configmap", "deployment", "service", "ingress"].flatMap((name) => [
      "-f",
      join(DEMO, `${name}.yaml`),
    ]);
    await kubectl("apply", ...files);
    await kubectl("rollout", "status", "deployment/demo", "--timeout=60s");
    const { body } = await eventually("an answer through nginx", async () => {
      const answer = await ask();
      return answer.status === 200 && answer;
    });
    expect(body).toBe("hello from v1");
    await eventually("the Ingress shows its address", async () =>
      /demo\.localhost\s+127\.0\.0\.1\s+80/.test(await kubectl("get", "ingress", "demo")),
    );
  });

  test("logs, exec with its exit code, cp, and top work with the real kubectl", async (context) => {
    requireHost(context, NEEDS);
    const [pod] = await pods("app=demo");
    const name = pod?.name ?? "";
    expect(await kubectl("logs", name)).toContain("serving hello from a ConfigMap on port 8080");
    expect((await cluster.kubectl("exec", name, "--", "sh", "-c", "exit 7")).code).toBe(7);
    const piped = await cluster.kubectlInput(
      "line one\nline two\n",
      "exec",
      "-i",
      name,
      "--",
      "wc",
      "-l",
    );
    expect(ok(piped).trim()).toBe("2");
    const file = join(scratch, "copied");
    writeFileSync(file, "carried over\n");
    await kubectl("cp", file, `${name}:/tmp/copied`);
    await kubectl("cp", `${name}:/tmp/copied`, `${file}.back`);
    expect(readFileSync(`${file}.back`, "utf8")).toBe("carried over\n");
    await eventually(
      "metrics",
      async () => (await cluster.kubectl("top", "pod", name)).code === 0,
      30_000,
    );
  });

  test("port-forward carries a request", async (context) => {
    requireHost(context, NEEDS);
    const [pod] = await pods("app=demo");
    const forward = spawn(
      findProgram("kubectl") ?? "kubectl",
      ["port-forward", `pod/${pod?.name}`, ":8080"],
      {
        env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
      },
    );
    try {
      let output = "";
      forward.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
      const port = await eventually(
        "a forwarded port",
        () => /127\.0\.0\.1:(\d+)/.exec(output)?.[1],
      );
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      expect((await answer.text()).trim()).toBe("hello from v1");
    } finally {
      forward.kill();
      await new Promise((resolve) => forward.once("exit", resolve));
    }
  });

  test("a new version is swapped in under load without losing a request, and undone again", async (context) => {
    requireHost(context, NEEDS);
    const load = startLoad({
      url: cluster.url,
      host: HOST,
      keepAliveClients: 8,
      newConnectionClients: 4,
      pauseMs: 5,
    });
    try {
      await kubectl("set", "image", "deployment/demo", "web=kaji.dev/demo:v2");
      await kubectl("rollout", "status", "deployment/demo", "--timeout=90s");
      await kubectl("rollout", "undo", "deployment/demo");
      await kubectl("rollout", "status", "deployment/demo", "--timeout=90s");
      await eventually(
        "old pods are gone",
        async () => (await pods("app=demo")).length === 3,
        60_000,
      );
    } finally {
      await load.stop();
    }
    expect(load.result.failures).toEqual([]);
    expect([...load.result.bodies.keys()].sort()).toEqual(["hello from v1", "hello from v2"]);
    expect(await kubectl("rollout", "history", "deployment/demo")).toMatch(/\n3\s/);
  });

  test("killing the agent restarts no container", async (context) => {
    requireHost(context, NEEDS);
    const earlier = await pods("app=demo");
    const pid = cluster.pidOf("agent");
    process.kill(pid, "SIGKILL");
    expect((await ask()).status).toBe(200);
    await eventually("another agent", () => {
      const next = cluster.pidOf("agent");
      return Number.isInteger(next) && next > 0 && next !== pid;
    });
    await kubectl("wait", "--for=condition=Ready", "node/node-1", "--timeout=60s");
    await kubectl("scale", "deployment/demo", "--replicas=4");
    await kubectl("rollout", "status", "deployment/demo", "--timeout=60s");
    const later = await pods("app=demo");
    for (const { uid } of earlier)
      expect(later.find((pod) => pod.uid === uid)).toMatchObject({ restarts: 0, ready: true });
    await kubectl("scale", "deployment/demo", "--replicas=3");
  });

  test("killing the server stops no traffic and loses nothing that was acknowledged", async (context) => {
    requireHost(context, NEEDS);
    await kubectl("create", "configmap", "kept", "--from-literal=a=b");
    const pid = cluster.pidOf("server");
    process.kill(pid, "SIGKILL");
    expect((await ask()).status).toBe(200);
    await eventually(
      "the API is back",
      async () => (await cluster.kubectl("get", "configmap", "kept")).code === 0,
      30_000,
    );
    expect(await kubectl("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).toBe("b");
    await kubectl("rollout", "restart", "deployment/demo");
    await kubectl("rollout", "status", "deployment/demo", "--timeout=60s");
    expect((await ask()).status).toBe(200);
  });

  test("what cannot run says why on the pod", async (context) => {
    requireHost(context, NEEDS);
    await kubectl(
      "run",
      "huge",
      "--image=kaji.dev/demo:v1",
      "--overrides",
      JSON.stringify({
        spec: {
          containers: [
            { name: "huge", image: "kaji.dev/demo:v1", resources: { requests: { cpu: "1000" } } },
          ],
        },
      }),
    );
    await kubectl(
      "run",
      "unknown",
      "--image=kaji.dev/no-such-image:v1",
      "--image-pull-policy=Never",
    );
    await kubectl(
      "run",
      "needy",
      "--image=kaji.dev/demo:v1",
      "--overrides",
      JSON.stringify({
        spec: {
          containers: [
            {
              name: "needy",
              image: "kaji.dev/demo:v1",
              envFrom: [{ configMapRef: { name: "absent" } }],
            },
          ],
        },
      }),
    );
    await eventually("the reasons", async () => {
      const huge = await kubectl("describe", "pod", "huge");
      const unknown = await kubectl("get", "pod", "unknown");
      const needy = await kubectl("describe", "pod", "needy");
      return (
        huge.includes("0/1 nodes are available: 1 Insufficient cpu.") &&
        unknown.includes("ErrImageNeverPull") &&
        needy.includes('configmap "absent" not found')
      );
    });
    await kubectl("delete", "pod", "huge", "unknown", "needy", "--wait=true", "--timeout=60s");
  });

  test("a Service has a name and an address that pods can use", async (context) => {
    requireHost(context, NEEDS);
    const text = await eventually("the Service answers by name", async () => {
      // Read each time: pods of the version before may still be going.
      const [pod] = await pods("app=demo");
      const answer = await cluster.kubectl(
        "exec",
        pod?.name ?? "",
        "--",
        "wget",
        "-q",
        "-O",
        "-",
        "http://demo.default.svc.cluster.local/",
      );
      return answer.code === 0 && answer.stdout;
    });
    expect(text.trim()).toBe("hello from v1");
  });

  test("a container that uses more memory than its limit is OOMKilled", async (context) => {
    requireHost(context, NEEDS);
    const container = {
      name: "eater",
      image: "kaji.dev/demo:v1",
      command: ["sh", "-c", "tail /dev/zero"],
      resources: { limits: { memory: "16Mi" } },
    };
    await kubectl(
      "run",
      "eater",
      "--image=x",
      "--restart=Never",
      "--overrides",
      JSON.stringify({ spec: { containers: [container] } }),
    );
    await eventually(
      "OOMKilled",
      async () => (await kubectl("get", "pod", "eater")).includes("OOMKilled"),
      30_000,
    );
    const state = await kubectl(
      "get",
      "pod",
      "eater",
      "-o",
      "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}",
    );
    expect(state).toBe("137");
    await kubectl("delete", "pod", "eater", "--timeout=60s");
  });

  test("a deleted namespace takes everything with it", async (context) => {
    requireHost(context, NEEDS);
    await kubectl("create", "namespace", "short");
    await kubectl(
      "create",
      "deployment",
      "app",
      "-n",
      "short",
      "--image=kaji.dev/demo:v1",
      "--replicas=2",
    );
    await kubectl("rollout", "status", "deployment/app", "-n", "short", "--timeout=60s");
    await kubectl("delete", "namespace", "short", "--timeout=60s");
    expect((await cluster.kubectl("get", "pods", "-n", "short", "-o", "name")).stdout.trim()).toBe(
      "",
    );
  });

  test("down gives the host back, up resumes, and down again leaves nothing", async (context) => {
    requireHost(context, NEEDS);
    ok(await cluster.down());
    expect(readHostState(cluster)).toEqual(before);
    ok(await cluster.up());
    await eventually("the app is back", async () => (await ask()).status === 200, 60_000);
    ok(await cluster.down());
    expect(readHostState(cluster)).toEqual(before);
  });
});
