import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namespaceKind } from "#api/kinds/namespace";
import { loadKubeconfig } from "#client/kubeconfig";
import { type RunningServer, startServer } from "#control-plane/main";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";

/** The unmodified kubectl, new and old, against a whole API server on TLS and SQLite. */
const KUBECTLS = [
  { name: "kubectl from the PATH", path: "kubectl" },
  // Debian 12's own, unpacked beside a newer one.
  { name: "kubectl 1.20", path: process.env.KUBECTL_OLD ?? "kubectl-1.20" },
];

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}], type: NodePort}
---
apiVersion: v1
kind: Pod
metadata: {name: single, labels: {app: single}}
spec: {containers: [{name: main, image: busybox}]}
`;

interface Outcome {
  readonly code: number;
  readonly output: string;
}

let root: string;
let server: RunningServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-apiserver-e2e-"));
  server = await start();
});

function start(): Promise<RunningServer> {
  return startServer({
    locations: locationsFor(root),
    bindAddress: "127.0.0.1",
    apiPort: 0,
    gatewayPort: 0,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
}

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true, force: true });
});

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: root, KUBECONFIG: server.kubeconfigPath, ...extra };
}

function run(path: string, args: string[], extra?: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(path, args, { env: environment(extra), timeout: 120_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

async function isInstalled(path: string): Promise<boolean> {
  return (await run(path, ["version", "--client"])).code === 0;
}

describe.each(KUBECTLS)("$name", ({ name, path }) => {
  const namespace = name.includes("1.20") ? "old" : "new";
  const kubectl = async (...args: string[]): Promise<Outcome> =>
    run(path, ["-n", namespace, ...args]);
  const succeeds = async (...args: string[]): Promise<string> => {
    const { code, output } = await kubectl(...args);
    expect(`${args.join(" ")}: exit ${code}\n${output}`).toContain(": exit 0\n");
    return output;
  };
  const fails = async (...args: string[]): Promise<string> => {
    const { code, output } = await kubectl(...args);
    expect(`${args.join(" ")}: exit ${code}\n${output}`).not.toContain(": exit 0\n");
    return output;
  };
  const file = async (fileName: string, text: string): Promise<string> => {
    const at = join(root, `${namespace}-${fileName}`);
    await writeFile(at, text);
    return at;
  };
  const ready = async (context: { skip(reason: string): void }): Promise<void> => {
    if (await isInstalled(path)) return;
    const reason = `${path} is not installed (KUBECTL_OLD may name the old one)`;
    console.warn(`SKIPPED: ${reason}`);
    context.skip(reason);
  };

  test("lists what is served", async (context) => {
    await ready(context);
    await succeeds("create", "namespace", namespace);
    const resources = await succeeds("api-resources", "--no-headers");
    expect(resources).toMatch(/^deployments\s+deploy\s+apps\/v1\s+true\s+Deployment$/m);
    expect(resources).toMatch(/^pods\s+po\s+v1\s+true\s+Pod$/m);
    expect(await succeeds("explain", "deployment.spec.replicas")).toContain(
      "Number of desired pods",
    );
    expect(await succeeds("auth", "can-i", "create", "pods")).toContain("yes");
  });

  test("applies, compares and applies again", async (context) => {
    await ready(context);
    const web = await file("web.yaml", WEB);
    const changed = await file("changed.yaml", WEB.replace("nginx:1", "nginx:2"));
    expect(await succeeds("apply", "-f", web)).toContain("deployment.apps/web created");
    expect(await succeeds("apply", "-f", web)).toContain("deployment.apps/web unchanged");
    const diff = await kubectl("diff", "-f", changed);
    expect(diff.code).toBe(1);
    expect(diff.output).toMatch(/^\+ +(- )?image: nginx:2$/m);
    expect(await succeeds("apply", "-f", changed)).toContain("deployment.apps/web configured");
    const conflict = await fails("apply", "--server-side", "-f", web);
    expect(conflict).toContain("Apply failed with 1 conflict");
    const forced = await succeeds("apply", "--server-side", "--force-conflicts", "-f", web);
    expect(forced).toContain("deployment.apps/web serverside-applied");
  });

  test("shows objects in every form", async (context) => {
    await ready(context);
    expect(await succeeds("get", "deploy", "-o", "wide")).toMatch(
      /web\s+0\/2\s.*nginx:1\s+app=web/,
    );
    expect(await succeeds("get", "svc", "web", "-o", "jsonpath={.spec.type}")).toBe("NodePort");
    expect(JSON.parse(await succeeds("get", "pod", "single", "-o", "json"))).toMatchObject({
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "single" },
    });
    expect(await succeeds("get", "pods", "-o", "yaml")).toContain("kind: List");
    expect(await succeeds("describe", "deploy", "web")).toContain("2 desired");
    expect(await succeeds("describe", "pod", "single")).toMatch(/Status:\s+Pending/);
    expect(await succeeds("get", "pods", "--field-selector", "status.phase=Pending")).toContain(
      "single",
    );
    expect(await succeeds("get", "pods", "-l", "app=none")).toContain("No resources found");
  });

  test("changes objects by label, annotate, patch, edit, scale and set image", async (context) => {
    await ready(context);
    await succeeds("label", "pod", "single", "color=red");
    await succeeds("annotate", "pod", "single", "note=hello");
    expect(await succeeds("get", "pods", "-l", "color=red")).toContain("single");
    const editor = await file(
      "editor.sh",
      "#!/bin/sh\nsed -i 's/replicas: 2/replicas: 4/' \"$1\"\n",
    );
    await chmod(editor, 0o755);
    const edited = await run(path, ["-n", namespace, "edit", "deploy", "web"], { EDITOR: editor });
    expect(edited.output).toContain("deployment.apps/web edited");
    const replicas = () => succeeds("get", "deploy", "web", "-o", "jsonpath={.spec.replicas}");
    expect(await replicas()).toBe("4");
    await succeeds("scale", "deploy", "web", "--replicas=3");
    expect(await replicas()).toBe("3");
    await succeeds("patch", "deploy", "web", "-p", '{"spec":{"replicas":0}}');
    expect(await replicas()).toBe("0");
    const jsonPatch = '[{"op":"replace","path":"/spec/replicas","value":5}]';
    await succeeds("patch", "deploy", "web", "--type=json", "-p", jsonPatch);
    expect(await replicas()).toBe("5");
    await succeeds(
      "patch",
      "deploy",
      "web",
      "--type=merge",
      "-p",
      '{"metadata":{"labels":{"a":"b"}}}',
    );
    await succeeds("set", "image", "deploy/web", "web=nginx:3");
    const image = "jsonpath={.spec.template.spec.containers[0].image}";
    expect(await succeeds("get", "deploy", "web", "-o", image)).toBe("nginx:3");
  });

  test("follows changes with -w", async (context) => {
    await ready(context);
    const args = ["-n", namespace, "get", "configmap", "-w", "--no-headers", "-o", "name"];
    const watcher = spawn(path, args, { env: environment() });
    const seen = new Promise<void>((resolve, reject) => {
      let text = "";
      watcher.once("exit", () => reject(new Error(`kubectl get -w ended early:\n${text}`)));
      watcher.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        if (text.includes("configmap/kube-root-ca.crt") && !text.includes("configmap/late")) {
          void kubectl("create", "configmap", "late", "--from-literal=a=b");
        }
        if (text.includes("configmap/late")) resolve();
      });
    });
    try {
      await seen;
    } finally {
      watcher.removeAllListeners("exit");
      watcher.kill();
    }
  });

  test("explains what is wrong with bad input", async (context) => {
    await ready(context);
    const bad = (spec: string) =>
      file("bad.yaml", `apiVersion: v1\nkind: Pod\nmetadata: {name: bad}\nspec: ${spec}\n`);
    const unknown = await bad("{containers: [{name: c, image: x, foo: 1}]}");
    expect(await fails("apply", "-f", unknown)).toContain('unknown field "');
    const wrongType = await bad("{containers: c}");
    expect(await fails("create", "--validate=false", "-f", wrongType)).toContain(
      "cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container",
    );
    expect(await fails("create", "configmap", "Bad_Name")).toContain(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters",
    );
    await succeeds("create", "configmap", "once");
    expect(await fails("create", "configmap", "once")).toContain(
      'configmaps "once" already exists',
    );
    expect(await fails("get", "pod", "nope")).toContain(
      'Error from server (NotFound): pods "nope" not found',
    );
    expect(await fails("-n", "nowhere", "create", "sa", "bob")).toContain(
      'namespaces "nowhere" not found',
    );
  });

  test("deletes, and waits until it is done", async (context) => {
    await ready(context);
    const web = await file("web.yaml", WEB);
    // An older form of the kind, in protobuf.
    await succeeds("autoscale", "deployment", "web", "--max=4", "--cpu-percent=55");
    expect(await succeeds("get", "hpa")).toMatch(/web\s+Deployment\/web\s+\S*.*55%\s+1\s+4\s+\d+/);
    expect(
      await succeeds("get", "horizontalpodautoscalers.v1.autoscaling", "-o", "yaml"),
    ).toContain("targetCPUUtilizationPercentage: 55");
    await succeeds("delete", "hpa", "web");
    const deleted = await succeeds("delete", "-f", web, "--timeout=60s");
    expect(deleted).toContain('pod "single" deleted');
    expect(await fails("get", "deploy", "web")).toContain("not found");
    await succeeds("delete", "configmap", "--all", "--timeout=60s");
  });
});

test("a restart keeps every object, and clients keep trusting the server", async () => {
  const before = await server.client.list(namespaceKind);
  const kubeconfig = await loadKubeconfig(server.kubeconfigPath);
  await server.stop();
  server = await start();
  const after = await server.client.list(namespaceKind);
  expect(after.items).toEqual(before.items);
  const { rest } = await loadKubeconfig(server.kubeconfigPath);
  expect({ ca: rest.ca, cert: rest.cert }).toEqual({
    ca: kubeconfig.rest.ca,
    cert: kubeconfig.rest.cert,
  });
});

test("a current kubectl says who it is", async (context) => {
  const { code, output } = await run("kubectl", ["auth", "whoami"]);
  if (code !== 0 && /unknown command|ENOENT/.test(output)) {
    console.warn("SKIPPED: this kubectl has no `auth whoami`");
    context.skip("this kubectl has no `auth whoami`");
  }
  expect(output).toMatch(/Username\s+kaji-admin/);
});
