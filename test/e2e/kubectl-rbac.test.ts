import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test, vi } from "vitest";
import { type RunningServer, startServer } from "#control-plane/main";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";

/** RBAC as people use it: with the unmodified kubectl, on a whole API server with its controllers. */
let root: string;
let server: RunningServer;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-rbac-e2e-"));
  server = await startServer({
    locations: locationsFor(root),
    bindAddress: "127.0.0.1",
    apiPort: 0,
    gatewayPort: 0,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
});

afterAll(async () => {
  await server?.stop();
  await rm(root, { recursive: true, force: true });
});

function kubectl(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env.PATH, HOME: root, KUBECONFIG: server.kubeconfigPath };
  return new Promise((resolve) => {
    execFile("kubectl", args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
      resolve({ code, output: stdout + stderr });
    });
  });
}

async function succeeds(...args: string[]): Promise<string> {
  const { code, output } = await kubectl(...args);
  expect({ code, output }).toMatchObject({ code: 0 });
  return output.trim();
}

async function fails(...args: string[]): Promise<string> {
  const { code, output } = await kubectl(...args);
  expect({ code, output }).not.toMatchObject({ code: 0 });
  return output.trim();
}

async function needsKubectl(context: TestContext): Promise<void> {
  if ((await kubectl("version", "--client")).code === 0) return;
  console.warn("SKIPPED: there is no kubectl on the PATH");
  context.skip("there is no kubectl on the PATH");
}

describe("kubectl and RBAC", () => {
  test("a service account's token does what its role says, and no more", async (context) => {
    await needsKubectl(context);
    await succeeds("create", "serviceaccount", "bot");
    await succeeds("create", "role", "reader", "--verb=get,list,watch", "--resource=pods,pods/log");
    await succeeds(
      "create",
      "rolebinding",
      "bot-reads",
      "--role=reader",
      "--serviceaccount=default:bot",
    );
    expect(await succeeds("get", "rolebinding", "bot-reads", "-o", "wide")).toMatch(
      /^NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\nbot-reads +Role\/reader +\S+ +default\/bot$/,
    );
    const asBot = [
      "--token",
      await succeeds("create", "token", "bot"),
      "--kubeconfig",
      await bare(),
    ];
    expect(await succeeds("auth", "whoami", ...asBot)).toContain(
      "system:serviceaccount:default:bot",
    );
    expect(await succeeds("get", "pods", ...asBot)).toContain("No resources found");
    expect(await fails("get", "secrets", ...asBot)).toContain(
      'secrets is forbidden: User "system:serviceaccount:default:bot" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    expect(await succeeds("auth", "can-i", "get", "pods", "--subresource=log", ...asBot)).toBe(
      "yes",
    );
    expect(await fails("auth", "can-i", "delete", "pods", ...asBot)).toBe("no");
    expect(await succeeds("auth", "can-i", "--list", ...asBot)).toMatch(
      /^pods\/log +\[\] +\[\] +\[get list watch\]$/m,
    );
    const impersonating = ["--as", "system:serviceaccount:default:bot"];
    expect(await fails("auth", "can-i", "delete", "pods", ...impersonating)).toBe("no");
    expect(await succeeds("auth", "can-i", "--list", ...impersonating)).toContain("pods/log");
    await succeeds("delete", "rolebinding", "bot-reads");
    expect(await fails("get", "pods", ...asBot)).toContain("is forbidden");
  });

  test("an impersonated user has their own rights, and cannot raise them", async (context) => {
    await needsKubectl(context);
    await succeeds("create", "namespace", "shop");
    await succeeds(
      "create",
      "rolebinding",
      "ada",
      "--clusterrole=admin",
      "--user=ada",
      "-n",
      "shop",
    );
    const asAda = ["--as", "ada", "-n", "shop"];
    expect(await succeeds("auth", "can-i", "create", "rolebindings", ...asAda)).toBe("yes");
    expect(await fails("auth", "can-i", "create", "pods", "--as", "ada")).toBe("no");
    await succeeds("create", "rolebinding", "bob", "--clusterrole=view", "--user=bob", ...asAda);
    expect(
      await fails(
        "create",
        "rolebinding",
        "x",
        "--clusterrole=cluster-admin",
        "--user=ada",
        ...asAda,
      ),
    ).toContain("is attempting to grant RBAC permissions not currently held");
    expect(
      await fails("get", "pods", "-n", "shop", "--as", "eve", ...["--as-group", "g"]),
    ).toContain('User "eve" cannot list resource "pods"');
  });

  test("auth reconcile brings roles and bindings to what a file says", async (context) => {
    await needsKubectl(context);
    const path = join(root, "roles.yaml");
    await writeFile(path, MANIFEST);
    expect(await succeeds("auth", "reconcile", "-f", path)).toContain("reconciled");
    expect(await succeeds("auth", "can-i", "list", "nodes", "--as", "nora")).toContain("yes");
    await succeeds("auth", "reconcile", "-f", path);
    expect(await succeeds("describe", "clusterrolebinding", "nora")).toMatch(/User +nora/);
  });

  test("a labelled cluster role adds to view, edit and admin", async (context) => {
    await needsKubectl(context);
    expect(await fails("auth", "can-i", "list", "nodes", "--as", "ada", "-n", "shop")).toContain(
      "no",
    );
    await succeeds("create", "clusterrole", "more", "--verb=list", "--resource=leases");
    await succeeds(
      "label",
      "clusterrole",
      "more",
      "rbac.authorization.k8s.io/aggregate-to-view=true",
    );
    await vi.waitFor(
      async () => {
        const args = ["auth", "can-i", "list", "leases", "--as", "bob", "-n", "shop"];
        expect(await succeeds(...args)).toBe("yes");
      },
      { timeout: 60_000, interval: 100 },
    );
  });
});

/** A kubeconfig of the same server without credentials: kubectl prefers a certificate to a token. */
async function bare(): Promise<string> {
  const path = join(root, "bare.kubeconfig");
  const config = JSON.parse(
    await succeeds("config", "view", "--raw", "--flatten", "--minify", "-o", "json"),
  ) as { users: unknown[]; contexts: { context: { user?: string } }[] };
  config.users = [];
  for (const { context } of config.contexts) delete context.user;
  await writeFile(path, JSON.stringify(config));
  return path;
}

const MANIFEST = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: node-reader}
rules: [{apiGroups: [""], resources: [nodes], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: nora}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: node-reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: nora}]
`;
