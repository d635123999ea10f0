import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "#test/support/cluster";
import { eventually, findProgram, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, shellPod, succeeded } from "#test/support/parity";

/** kubectl's commands, and input that is wrong, against a whole cluster: what is said, and that nothing dies. */
const at = parityCluster();
/** One of 1.20, where there is one: the oldest that must work. */
const OLD_KUBECTL = process.env.KUBECTL_OLD ?? findProgram("kubectl-1.20");
const STAY = "trap 'exit 0' TERM; while true; do sleep 0.1; done";
const POD = ["--image", BUSYBOX, "--image-pull-policy=IfNotPresent"];

const web = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [
          {
            name: "web",
            image: BUSYBOX,
            imagePullPolicy: "IfNotPresent",
            command: ["sh", "-c", "hostname > /tmp/index.html; exec httpd -f -p 8080 -h /tmp"],
            readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
          },
        ],
        terminationGracePeriodSeconds: 1,
      },
    },
  },
};
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
};

describe("kubectl's commands", () => {
  test("a Deployment is rolled out, changed, paused, undone and looked at", async (context) => {
    requireHost(context, PARITY_NEEDS);
    await at.apply(web, service);
    await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
    await at.kubectl("set", "env", "deploy/web", "COLOUR=blue");
    await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
    expect(await at.kubectl("rollout", "history", "deploy/web", "--revision=2")).toContain("blue");
    await at.kubectl("rollout", "undo", "deploy/web", "--to-revision=1");
    expect(await at.refused("rollout", "undo", "deploy/web", "--to-revision=99")).toContain(
      "unable to find specified revision 99 in history",
    );
    await at.kubectl("rollout", "pause", "deploy/web");
    expect(await at.refused("rollout", "restart", "deploy/web")).toContain("can't restart paused");
    await at.kubectl("rollout", "resume", "deploy/web");
    await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
    expect(
      await at.refused("scale", "deploy/web", "--current-replicas=9", "--replicas=1"),
    ).toContain("Expected replicas to be 9, was 2");
    expect(await at.kubectl("autoscale", "deploy/web", "--min=2", "--max=3")).toContain(
      "horizontalpodautoscaler.autoscaling/web autoscaled",
    );
    await at.kubectl("delete", "hpa", "web");
  });

  test("diff shows the change and nothing else", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const file = join(at.scratch, "web.json");
    writeFileSync(file, JSON.stringify({ ...web, spec: { ...web.spec, replicas: 3 } }));
    const { code, stdout } = await at.cluster.kubectl("diff", "-f", file);
    expect(code).toBe(1);
    const changed = stdout.split("\n").filter((line) => /^[-+] /.test(line));
    expect(changed.filter((line) => !line.includes("generation:"))).toEqual([
      "-  replicas: 2",
      "+  replicas: 3",
    ]);
  });

  test("an edit by a scripted editor is taken, and a wrong one is refused in words", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const editor = join(at.scratch, "editor.sh");
    const edit = async (script: string) => {
      writeFileSync(editor, `#!/bin/sh\nsed -i '${script}' "$1"\n`);
      chmodSync(editor, 0o755);
      const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig, EDITOR: editor };
      return runProgram(findProgram("kubectl") ?? "kubectl", ["edit", "deploy", "web"], { env });
    };
    expect(succeeded(await edit("s/replicas: 2/replicas: 1/"))).toContain("edited");
    expect((await edit("s/replicas: 1/replicas: one/")).stderr).toContain(
      "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    );
  });

  test("server-side apply tells conflicts, and --as never runs with the admin's rights", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const map = (value: string) =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "shared" },
        data: { a: value },
      });
    const apply = (value: string, ...more: string[]) =>
      at.cluster.kubectlInput(map(value), "apply", "--server-side", "-f", "-", ...more);
    succeeded(await apply("1"));
    const other = await apply("2", "--field-manager=other");
    expect(other.stderr).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl": .data.a',
    );
    succeeded(await apply("2", "--field-manager=other", "--force-conflicts"));
    expect(await at.refused("get", "pods", "--as=bob")).toContain(
      'User "bob" cannot list resource',
    );
    expect((await at.cluster.kubectl("auth", "can-i", "get", "pods", "--as=bob")).stdout).toBe(
      "no\n",
    );
    expect(await at.kubectl("auth", "whoami", "--as=bob", "--as-group=g1")).toContain("g1");
  });

  test("run and attach pass output once and take the exit code from the pod", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const flags = ["-i", "--rm", "--restart=Never", ...POD];
    const ran = await at.cluster.kubectlInput(
      "echo once; exit 4",
      "run",
      "brief",
      ...flags,
      "--",
      "sh",
    );
    expect(ran.code).toBe(4);
    expect(ran.stdout.match(/once/g)).toHaveLength(1);
    expect(ran.stderr).not.toContain("couldn't attach");
  });

  test("port-forward to a Service survives one connection after the other", async (context) => {
    requireHost(context, PARITY_NEEDS);
    // kubectl may choose a pod of the earlier scale-down that is about to end.
    await eventually("one pod is left", async () => {
      const names = await at.kubectl("get", "pods", "-l", "app=web", "-o", "name");
      return names.trim().split("\n").length === 1;
    });
    const kubectls = ["kubectl", ...(OLD_KUBECTL ? [OLD_KUBECTL] : [])];
    for (const program of kubectls) {
      const forward = spawn(program, ["port-forward", "svc/web", ":80"], {
        env: { ...process.env, KUBECONFIG: at.cluster.kubeconfig },
      });
      let output = "";
      for (const stream of [forward.stdout, forward.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      try {
        const port = await eventually("a port", () => /127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
        for (let round = 0; round < 10; round++) {
          const headers = { connection: "close" };
          const answer = await fetch(`http://127.0.0.1:${port}/`, { headers });
          expect(await answer.text()).toMatch(/^web-/);
        }
        expect(output).not.toMatch(/error/i);
      } finally {
        forward.kill();
        await new Promise((resolve) => forward.once("exit", resolve));
      }
    }
  });

  test("logs by selector, container, tail and time; top answers the first question", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const second = {
      ...shellPod("", "echo b1; echo b2; exec sleep 1000").spec.containers[0],
      name: "d",
    };
    const pod = shellPod("two", `echo a1; echo a2; ${STAY}`);
    const containers = [...pod.spec.containers, second];
    await at.apply({ ...pod, spec: { ...pod.spec, containers } });
    await at.kubectl("wait", "--for=condition=Ready", "pod/two", "--timeout=60s");
    const logs = (...args: string[]) => at.kubectl("logs", ...args);
    await eventually("both have written all", async () => {
      const ofBoth = await logs("-l", "app=two", "--all-containers", "--prefix", "--tail=1");
      return ofBoth.trim().split("\n").sort().join() === "[pod/two/c] a2,[pod/two/d] b2";
    });
    expect(await logs("two", "-c", "d", "--limit-bytes=2")).toBe("b1");
    expect(await logs("two", "-c", "c", "--timestamps", "--tail=1")).toMatch(/^\d{4}-.*Z a2\n$/);
    expect(await at.kubectl("debug", "two", "--image", BUSYBOX, "--profile=general")).toContain(
      "Defaulting debug container name to debugger-",
    );
    expect(await at.refused("logs", "two", "--previous", "-c", "c")).toContain("not found");
    expect(await at.kubectl("top", "node")).toContain("node-1");
  });

  test("drain evicts, cordon keeps away, orphans stay and foreground waits", async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(await at.refused("drain", "node-1")).toContain("use --force to override");
    await at.kubectl("drain", "node-1", "--force", "--grace-period=1", "--timeout=60s");
    expect(await at.kubectl("get", "node")).toContain("Ready,SchedulingDisabled");
    await at.kubectl("uncordon", "node-1");
    await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
    await at.kubectl("delete", "deploy", "web", "--cascade=orphan");
    expect(await at.kubectl("get", "pods", "-l", "app=web")).toContain("Running");
    await at.apply(web);
    await at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
    await at.kubectl("delete", "deploy", "web", "--cascade=foreground", "--timeout=60s");
    expect((await at.kubectl("get", "rs", "-o", "name")).trim()).toBe("");
  });
});

describe("input that is wrong", () => {
  interface Answer {
    readonly status: number;
    readonly message: string;
  }

  async function send(
    contentType: string,
    body: string,
    more: { method?: string; path?: string } = {},
  ) {
    const read = async (path: string) =>
      Buffer.from(
        await at.kubectl("config", "view", "--raw", "-o", `jsonpath={${path}}`),
        "base64",
      );
    const server = await at.kubectl(
      "config",
      "view",
      "-o",
      "jsonpath={.clusters[0].cluster.server}",
    );
    const { method = "POST", path = "/api/v1/namespaces/default/configmaps" } = more;
    const tls = {
      ca: await read(".clusters[0].cluster.certificate-authority-data"),
      cert: await read(".users[0].user.client-certificate-data"),
      key: await read(".users[0].user.client-key-data"),
    };
    return new Promise<Answer>((resolve, reject) => {
      const headers = { "content-type": contentType };
      const outgoing = request(
        server + path,
        { method, headers, ...tls, agent: false },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on("end", () => {
            resolve({ status: response.statusCode ?? 0, message: JSON.parse(text).message ?? "" });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  const deep = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
  const map = (data: string, name = "odd") =>
    `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":${data}}`;
  const json = "application/json";
  const merge = "application/merge-patch+json";
  const apply = "application/apply-patch+yaml";
  const existing = "/api/v1/namespaces/default/configmaps/kube-root-ca.crt";

  test("each is one sentence, and no process dies of it", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const components = ["server", "agent", "ingress"] as const;
    const before = components.map((name) => at.cluster.pidOf(name));
    const patch = { method: "PATCH", path: existing };
    const cases: [string, Promise<Answer>, number, string][] = [
      ["no JSON", send(json, '{"kind":'), 400, "not valid JSON"],
      ["no object", send(json, "[]"), 400, "not an object of kind ConfigMap"],
      ["another kind", send(json, '{"kind":"Secret"}'), 400, "does not match the expected kind"],
      [
        "a number as text",
        send(json, map('{"a":1}')),
        400,
        "cannot unmarshal number into Go struct field ConfigMap.data.a of type string",
      ],
      [
        "a name too long",
        send(json, map("{}", "a".repeat(300))),
        422,
        "must be no more than 253 characters",
      ],
      ["a null byte", send(json, map("{}", "a\\u0000b")), 422, "RFC 1123 subdomain"],
      [
        "a value over the limit",
        send(json, map(`{"a":"${"x".repeat(1_100_000)}"}`)),
        422,
        "may not be more than 1048576 bytes",
      ],
      [
        "a body over the limit",
        send(json, map(`{"a":"${"x".repeat(4_000_000)}"}`)),
        413,
        "Request entity too large: limit is 3145728",
      ],
      ["deep JSON", send(json, map(deep)), 400, "nested more than 500 levels deep"],
      ["a deep merge patch", send(merge, deep, patch), 400, "nested more than 500 levels deep"],
      [
        "a deep apply",
        send(apply, deep, { method: "PATCH", path: `${existing}?fieldManager=x` }),
        400,
        "nested more than 500",
      ],
      ["deep YAML", send("application/yaml", ` ${deep}`), 400, "nested more than 500 levels deep"],
      ["YAML in itself", send("application/yaml", "a: &a [*a, *a]"), 400, "circular"],
      ["a prototype key", send(json, map('{"__proto__":"x"}')), 400, '"__proto__" cannot be used'],
      ["another media type", send("text/plain", "{}"), 415, "accepted media types include"],
      ["a patch as JSON", send(json, "{}", patch), 415, "application/merge-patch+json"],
      [
        "a huge number",
        send(json, '{"spec":{"replicas":1e400}}', {
          path: "/apis/apps/v1/namespaces/default/deployments",
        }),
        400,
        "of type int32",
      ],
      [
        "a selector",
        send(json, "", { method: "GET", path: "/api/v1/pods?labelSelector=a%3Db,,c" }),
        400,
        "expected: identifier",
      ],
      [
        "a watch from nowhere",
        send(json, "", { method: "GET", path: "/api/v1/pods?watch=1&resourceVersion=x" }),
        400,
        "resourceVersion",
      ],
      [
        "a path that is no text",
        send(json, "", { method: "GET", path: "/%ff" }),
        400,
        "not a valid url",
      ],
      ["a method", send(json, "", { method: "TRACE" }), 405, "does not allow this method"],
    ];
    for (const [name, answer, status, text] of cases) {
      const got = await answer;
      expect(got, name).toEqual({ status, message: expect.stringContaining(text) });
      expect(got.message, name).not.toContain("\n");
    }
    const labels = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`l${at}`, "v"]));
    await at.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "many", labels } });
    await at.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "keys" },
      data: { constructor: "x", toString: "y" },
    });
    expect(await at.kubectl("get", "cm", "keys", "-o", "jsonpath={.data}")).toBe(
      '{"constructor":"x","toString":"y"}',
    );
    expect(components.map((name) => at.cluster.pidOf(name))).toEqual(before);
  });

  test("unknown fields are refused by both kubectls, and only warned of when asked", async (context) => {
    requireHost(context, PARITY_NEEDS);
    const file = join(at.scratch, "unknown.json");
    writeFileSync(file, JSON.stringify({ ...web, spec: { ...web.spec, replicsa: 2 } }));
    expect(await at.refused("create", "-f", file)).toContain('unknown field "spec.replicsa"');
    const warned = await at.cluster.kubectl(
      "create",
      "-f",
      file,
      "--validate=warn",
      "--dry-run=server",
    );
    expect(warned).toMatchObject({ code: 0, stderr: expect.stringContaining("spec.replicsa") });
    writeFileSync(file, JSON.stringify({ ...web, kind: "Deploymint" }));
    expect(await at.refused("create", "-f", file)).toContain('no matches for kind "Deploymint"');
    if (!OLD_KUBECTL) return;
    writeFileSync(file, JSON.stringify({ ...web, spec: { ...web.spec, replicsa: 2 } }));
    const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig };
    const old = await runProgram(OLD_KUBECTL, ["create", "-f", file], { env });
    expect(old.stderr).toContain('unknown field "replicsa"');
  });
});
