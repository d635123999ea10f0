import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { nodeKind } from "#api/kinds/node";
import { createClient } from "#client/api-client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { builtCli, type Cli } from "#test/e2e/cli-fixture";
import { eventually, freePorts } from "#test/support/host";

/** The commands on objects against a control plane started from the bundle; no node, so pods stay pending. */
const isRoot = process.getuid?.() === 0;
if (!isRoot)
  console.warn("SKIPPED the commands on objects: a control plane is started, which needs root");

let cli: Cli;
let server: ChildProcess;

const kaji = (args: readonly string[], stdin?: string) =>
  cli.run([...args, "--root-dir", cli.root], stdin === undefined ? {} : { stdin });

const configMap = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  labels: {app: shop}\ndata:\n  key: "${value}"\n`;

describe.skipIf(!isRoot)("commands on objects", () => {
  beforeAll(async () => {
    cli = builtCli();
    const [api, gateway] = await freePorts(2);
    const [program, script] = cli.command;
    const ports = ["--api-port", String(api), "--gateway-port", String(gateway)];
    server = spawn(program, [script ?? "", "server", "--root-dir", cli.root, ...ports], {
      stdio: "ignore",
    });
    await eventually(
      "the API answers",
      async () => (await kaji(["get", "ns", "default"])).code === 0,
      30_000,
    );
  });
  afterAll(async () => {
    if (server.exitCode === null) {
      server.kill("SIGTERM");
      await once(server, "exit");
    }
    cli.remove();
  });

  test("apply says created, unchanged, configured; several documents in one file", async () => {
    const both = `${configMap("a", "1")}---\n${configMap("b", "1")}`;
    expect((await kaji(["apply", "-f", "-"], both)).stdout).toBe(
      "configmap/a created\nconfigmap/b created\n",
    );
    expect((await kaji(["apply", "-f", "-"], both)).stdout).toBe(
      "configmap/a unchanged\nconfigmap/b unchanged\n",
    );
    expect((await kaji(["apply", "-f", "-"], configMap("b", "2"))).stdout).toBe(
      "configmap/b configured\n",
    );
  });

  test("apply takes a folder, and sends nothing when one of its objects cannot be sent", async () => {
    const folder = join(cli.root, "manifests");
    mkdirSync(folder);
    writeFileSync(join(folder, "1.yaml"), configMap("c", "1"));
    writeFileSync(join(folder, "2.yaml"), "apiVersion: v1\nkind: Gizmo\nmetadata: {name: x}\n");
    const refused = await kaji(["apply", "-f", folder]);
    expect(refused.stderr).toMatch(
      /^kaji: no kind "Gizmo" in version "v1": this API serves Namespace \(v1\), /,
    );
    expect((await kaji(["get", "cm", "c"])).stderr).toBe(
      'kaji: configmaps "c" not found: `kaji get configmaps -A` lists those there are\n',
    );
  });

  test("what the server refuses is said in its words", async () => {
    const unknown = await kaji(["apply", "-f", "-"], `${configMap("d", "1")}bogus: 1\n`);
    expect(unknown.stderr).toContain('unknown field "bogus"');
    const invalid = await kaji(["apply", "-f", "-"], configMap("Not_a_name", "1"));
    expect(invalid.stderr).toContain(
      'ConfigMap "Not_a_name" is invalid: metadata.name: Invalid value',
    );
  });

  test("get prints the server's table, by any name of the kind", async () => {
    for (const name of ["configmaps", "configmap", "CM", "ConfigMap"]) {
      const { stdout } = await kaji(["get", name, "a"]);
      expect(stdout).toMatch(/^NAME +DATA +AGE\na +1 +\d+s\n$/);
    }
    expect((await kaji(["get", "cm", "-l", "app=shop", "-o", "name"])).stdout).toBe(
      "configmap/a\nconfigmap/b\n",
    );
    expect((await kaji(["get", "cm/b", "-A"])).stderr).toContain("say which namespace with -n");
    expect((await kaji(["get", "svc", "-A"])).stdout).toMatch(
      /^NAMESPACE +NAME +TYPE.*\ndefault +kubernetes +ClusterIP/,
    );
    const none = await kaji(["get", "pods"]);
    expect(none.stderr).toBe("No resources found in default namespace.\n");
    expect((await kaji(["get", "gizmos"])).stderr).toMatch(
      /^kaji: no kind is called "gizmos": this API serves namespaces \(ns\), /,
    );
  });

  test("get gives whole objects in JSON and YAML", async () => {
    const list = JSON.parse((await kaji(["get", "cm", "-l", "app=shop", "-o", "json"])).stdout) as {
      kind: string;
      items: { kind: string }[];
    };
    expect([list.kind, list.items.length, list.items[0]?.kind]).toEqual(["List", 2, "ConfigMap"]);
    const one = parse((await kaji(["get", "cm", "b", "-o", "yaml"])).stdout) as { data: unknown };
    expect(one.data).toEqual({ key: "2" });
  });

  test("patch, then delete by name, by label and by file", async () => {
    const patched = await kaji(["patch", "cm", "a", "--patch", '{"data":{"more":"1"}}']);
    expect(patched.stdout).toBe("configmap/a patched\n");
    const json = await kaji([
      "patch",
      "cm/a",
      "--type",
      "json",
      "-p",
      '[{"op":"remove","path":"/data/more"}]',
    ]);
    expect(json.stdout).toBe("configmap/a patched\n");
    expect((await kaji(["delete", "cm", "a", "--wait"])).stdout).toBe('configmap "a" deleted\n');
    expect((await kaji(["delete", "cm", "-l", "app=shop"])).stdout).toBe('configmap "b" deleted\n');
    expect((await kaji(["delete", "-f", "-"], configMap("b", "1"))).stderr).toBe(
      'kaji: configmaps "b" not found: `kaji get configmaps -A` lists those there are\n',
    );
    expect(
      (await kaji(["delete", "-f", "-", "--ignore-not-found"], configMap("b", "1"))).code,
    ).toBe(0);
    expect((await kaji(["delete"])).stderr).toContain("nothing to delete");
  });

  test("doctor says what is missing and what to do, and ends with 1", async () => {
    const { code, stdout, stderr } = await kaji(["doctor"]);
    expect(code).toBe(1);
    expect(stdout).toContain("ok       the API answers\n");
    expect(stdout).toContain("the cluster has no node: `kaji up` starts this machine's");
    // The server runs, if not under a keeper; an agent and an ingress have never been here.
    expect(stdout).toContain("ok       the components run\n");
    expect(stderr).toMatch(/^kaji: 1 problem found: each says above what to do \(.*\)\n$/);
  });

  test("token create prints the one command for a new host, or the token alone", async () => {
    const { stdout, stderr } = await kaji(["token", "create", "--ttl", "60"]);
    expect(stdout).toMatch(
      /^kaji agent --server https:\/\/127\.0\.0\.1:\d+ --token [a-z0-9]{6}\.[a-z0-9]{16} --ca-cert-hash sha256:[0-9a-f]{64}\n$/,
    );
    expect(stderr).toContain(
      "is reached from this machine only: start the server with `--bind-address IP`",
    );
    expect((await kaji(["token", "create", "--only-token"])).stdout).toMatch(
      /^[a-z0-9]{6}\.[a-z0-9]{16}\n$/,
    );
    expect((await kaji(["token", "create", "--ttl", "soon"])).stderr).toContain(
      "--ttl soon is not a duration",
    );
    expect((await kaji(["token", "create", "--ttl", "9".repeat(15)])).stderr).toContain(
      "give 0 for a token without end",
    );
    expect((await kaji(["token", "create", "--server", "192.0.2.10:6443"])).stdout).toContain(
      "kaji agent --server https://192.0.2.10:6443 --token ",
    );
    expect((await kaji(["token", "create", "--server", "http://192.0.2.10"])).stderr).toContain(
      "--server http://192.0.2.10 is not the URL of an API server",
    );
    expect((await kaji(["token", "create", "--usages", "signing"])).stderr).toBe(
      'kaji: --usages "signing" is not known: use joining or authentication\n',
    );
  });

  test("token list and token delete show and end tokens", async () => {
    const flags = ["--ttl", "0", "--usages", "joining,authentication", "--single-use"];
    const created = await kaji(["token", "create", "--only-token", ...flags]);
    const token = created.stdout.trim();
    const listed = async (): Promise<string> => (await kaji(["token", "list"])).stdout;
    expect(await listed()).toMatch(/^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION\n/);
    expect(await listed()).toMatch(
      new RegExp(`${token} +<forever> +<never> +joining,authentication,single-use +made by kaji`),
    );
    const id = token.slice(0, 6);
    expect((await kaji(["token", "delete", token])).stdout).toBe(`token "${id}" deleted\n`);
    expect(await listed()).not.toContain(token);
    expect((await kaji(["token", "delete", id])).stderr).toBe(
      `kaji: there is no token "${id}": \`kaji token list\` shows those that are there\n`,
    );
  });

  test("why and describe say what keeps a pod pending and what would change it, and top how full nodes are", async () => {
    await kaji(["apply", "-f", "-"], podAsking("early", "4"));
    await eventually(
      "the scheduler has spoken",
      async () => (await kaji(["why", "early"])).stdout.includes("no nodes available"),
      15_000,
    );
    const kubeconfig = join(cli.root, "lib/admin.kubeconfig");
    await addNode(kubeconfig, "small");
    await kaji(["apply", "-f", "-"], podAsking("hungry", "4"));
    await eventually(
      "the scheduler has advice",
      async () => (await kaji(["why", "pod/hungry"])).stdout.includes("It would fit if"),
      30_000,
    );
    const { stdout } = await kaji(["why", "pod/hungry"]);
    expect(stdout).toMatch(/^pod default\/hungry is pending: it has no node yet\n/);
    expect(stdout).toContain("  1 of 1 nodes: Insufficient cpu\n");
    expect(stdout).toContain("  It would fit if it needed 2 cpu less (small).\n");
    const described = spawnSync("kubectl", ["--kubeconfig", kubeconfig, "describe", "pod/hungry"], {
      encoding: "utf8",
    });
    if (described.error) console.warn("SKIPPED kubectl describe: there is no kubectl");
    else expect(described.stdout).toMatch(/SchedulingAdvice.*It would fit if it needed 2 cpu less/);
    const top = (await kaji(["top"])).stdout;
    expect(top).toMatch(/^NODE +CPU USED +REQUESTS +LIMITS +MEMORY USED +REQUESTS +LIMITS +PODS\n/);
    expect(top).toMatch(/\nsmall +- +0m \(0%\)/);
    expect((await kaji(["why", "cm/none"])).stderr).toContain("kaji why knows pods, deployments");
  });
});

const podAsking = (name: string, cpu: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  tolerations: [{operator: Exists}]
  containers: [{name: main, image: "example/web:v1", resources: {requests: {cpu: "${cpu}"}}}]
`;

/** A node as its agent would report it, without an agent. */
async function addNode(kubeconfig: string, name: string): Promise<void> {
  const transport = restTransport((await loadKubeconfig(kubeconfig)).rest);
  try {
    const client = createClient(transport);
    const capacity = { cpu: "2", memory: "4Gi", pods: "110" };
    const made = await client.create(nodeKind, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name },
      spec: {},
    });
    await client.updateStatus(nodeKind, { ...made, status: { capacity, allocatable: capacity } });
  } finally {
    await transport.close();
  }
}
