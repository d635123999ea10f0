import { writeFileSync } from "node:fs";
import { get } from "node:https";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { selfSigned } from "#test/support/certificates";
import { runProgram } from "#test/support/cluster";
import { eventually, findProgram, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";

/**
 * Tenants as operators and owners meet them: the manifests of the docs, the real kubectl, a real node. The tests
 * build on each other in order.
 */
const at = parityCluster({ podCidr: "10.240.0.0/16", serviceCidr: "10.90.0.0/16" });
const MANIFESTS = join(packageRoot(), "manifests/tenants");
const WAIT_MS = 60_000;

async function kaji(...args: string[]): Promise<string> {
  return succeeded(await at.cluster.kaji(...args));
}

async function refusedBy(...args: string[]): Promise<string> {
  const { code, stderr } = await at.cluster.kaji(...args);
  expect(code).not.toBe(0);
  return stderr;
}

/** kubectl as the tenant's own kubeconfig lets it. */
async function asOwner(...args: string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, KUBECONFIG: join(at.scratch, "acme.kubeconfig") };
  const kubectl = findProgram("kubectl") ?? "kubectl";
  const { code, stdout, stderr } = await runProgram(kubectl, args, { env });
  return { code, output: stdout + stderr };
}

/** What a client that trusts this certificate alone is answered; undefined: it is shown another, or answered no 200. */
function askSecurely(port: number, host: string, ca: string): Promise<string | undefined> {
  const options = { host: "127.0.0.1", port, path: "/index.html", ca, servername: host };
  return new Promise((resolve) => {
    const outgoing = get({ ...options, headers: { host }, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve(response.statusCode === 200 ? body : undefined));
    });
    outgoing.once("error", () => resolve(undefined));
  });
}

beforeAll(async () => {
  if (!at.isPossible) return;
  await at.kubectl("apply", "-f", join(MANIFESTS, "plans.yaml"));
  await at.kubectl("apply", "-f", join(MANIFESTS, "tenants.yaml"));
});

describe("a dedicated tenant", () => {
  test("is seen by administrators as a record before anything is made", async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(await at.kubectl("get", "tenants")).toMatch(
      /^NAME +PLAN +MODE +PHASE +HOSTS +AGE\nacme +small +<plan> +acme.example.com +\d+s\nglobex/,
    );
    expect(await at.refused("get", "namespace", "tenant-acme")).toContain("not found");
    expect(await kaji("tenant", "list", "--search", "glob")).toMatch(
      /^NAME .*\nglobex +small +<plan> +globex.example.com$/m,
    );
    expect(await refusedBy("tenant", "kubeconfig", "acme")).toContain(
      "`kaji tenant wake acme` makes its namespace",
    );
  });

  test("is made by its first call, and its workload answers", {
    timeout: 120_000,
  }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    expect(await kaji("tenant", "wake", "acme")).toContain("tenant acme is awake");
    await kaji("tenant", "wake", "globex");
    await eventually(
      "its pod is ready",
      async () =>
        /^web\s+1\/1\s/m.test(await at.kubectl("get", "deployment", "web", "-n", "tenant-acme")),
      WAIT_MS,
    );
    const page = await at.kubectl(
      ...["exec", "-n", "tenant-acme", "deployment/web", "--"],
      ...["busybox", "wget", "-qO-", "http://127.0.0.1:8080/index.html"],
    );
    expect(page).toBe("hello from acme at https://acme.example.com\n");
    const made = await at.kubectl(
      ...["get", "quota,limits,networkpolicy,rolebinding,requestautoscaler", "-o", "name"],
      ...["-n", "tenant-acme"],
    );
    expect(made.trim().split("\n")).toEqual([
      "resourcequota/kaji-tenant",
      "limitrange/kaji-tenant",
      "networkpolicy.networking.k8s.io/kaji-tenant",
      "rolebinding.rbac.authorization.k8s.io/kaji-tenant",
      "requestautoscaler.kaji.dev/web",
    ]);
    expect(await kaji("tenant", "show", "acme")).toMatch(/Quota +pods: 1 of 10/);
  });

  test("gives its owner a kubeconfig for its own namespace alone", {
    timeout: 120_000,
  }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    writeFileSync(
      join(at.scratch, "acme.kubeconfig"),
      await kaji("tenant", "kubeconfig", "acme", "--duration", "1h"),
    );
    expect(await asOwner("get", "deployments")).toMatchObject({ code: 0 });
    expect((await asOwner("get", "tenant", "acme")).output).toContain("acme.example.com");
    for (const args of [
      ["get", "pods", "-n", "tenant-globex"],
      ["get", "secrets", "-n", "kube-system"],
      ["get", "pods", "-A"],
      ["get", "tenant", "globex"],
      ["get", "tenants"],
      ["get", "nodes"],
      ["get", "namespaces"],
    ]) {
      const { code, output } = await asOwner(...args);
      expect({ code, output }, args.join(" ")).toMatchObject({ code: 1 });
      expect(output).toContain("Forbidden");
    }
    for (const what of ["create networkpolicies", "delete quota", "update limits"]) {
      const { output } = await asOwner("auth", "can-i", ...what.split(" "));
      expect(output.trim(), what).toBe("no");
    }
    const run = ["run", "bad", "--image=busybox", "--overrides"];
    const overrides = '{"spec":{"hostNetwork":true,"hostPID":true}}';
    expect((await asOwner(...run, overrides)).output).toContain(
      'pods "bad" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true, hostPID=true)',
    );
    const expose = ["expose", "deployment", "web", "--name", "open", "--port=80"];
    expect((await asOwner(...expose, "--type=NodePort")).output).toContain(
      "type NodePort opens a port on every node, which a tenant's Service may not",
    );
    const ingress = ["create", "ingress", "theft", "--rule", "globex.example.com/=web:80"];
    expect((await asOwner(...ingress)).output).toContain(
      'host "globex.example.com" does not belong to tenant "acme"',
    );
  });

  test("has its host served with its owner's certificate, and none of another's host", {
    timeout: 120_000,
  }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    const { cert, key } = await selfSigned("acme.example.com");
    const [certFile, keyFile] = ["acme.crt", "acme.key"].map((name) => join(at.scratch, name));
    writeFileSync(certFile ?? "", cert);
    writeFileSync(keyFile ?? "", key);
    const files = ["--cert", certFile ?? "", "--key", keyFile ?? ""];
    expect((await asOwner("create", "secret", "tls", "own", ...files)).output).toContain("created");
    const ingress = async (name: string, tlsHost: string) => {
      const rule = ["--rule", `acme.example.com/*=web:80,tls=own`];
      const create = ["create", "ingress", name, ...rule, "--dry-run=client", "-o", "json"];
      const object = JSON.parse((await asOwner(...create)).output);
      object.spec.tls[0].hosts = [tlsHost];
      const file = join(at.scratch, `${name}.json`);
      writeFileSync(file, JSON.stringify(object));
      return (await asOwner("apply", "-f", file)).output;
    };
    expect(await ingress("theft", "globex.example.com")).toContain(
      'host "globex.example.com" does not belong to tenant "acme"',
    );
    expect(await ingress("secure", "acme.example.com")).toContain("created");
    const answer = await eventually("it is served by its own certificate", () =>
      askSecurely(at.cluster.httpsPort, "acme.example.com", cert),
    );
    expect(answer).toBe("hello from acme at https://acme.example.com\n");
    await expect(askSecurely(at.cluster.httpsPort, "globex.example.com", cert)).resolves.toBe(
      undefined,
    );
  });

  test("is exported, and made again from that elsewhere", { timeout: 120_000 }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    await asOwner("create", "configmap", "mine", "--from-literal=a=b");
    await asOwner("create", "secret", "generic", "key", "--from-literal=a=b");
    const text = await kaji("tenant", "export", "acme");
    expect(text).toContain("name: mine");
    expect(text).not.toMatch(/kind: Secret|resourceVersion|uid:|managedFields/);
    expect(await kaji("tenant", "export", "acme", "--secrets")).toContain("kind: Secret");
    const file = join(at.scratch, "acme.yaml");
    writeFileSync(file, text);
    expect(await at.kubectl("apply", "--dry-run=server", "-f", file)).toContain(
      "configmap/mine configured",
    );
  });

  test("is suspended and resumed as it was", { timeout: 120_000 }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    await kaji("tenant", "suspend", "acme");
    await eventually(
      "its pods are gone",
      async () => (await at.kubectl("get", "pods", "-n", "tenant-acme", "-o", "name")) === "",
    );
    expect(await at.kubectl("get", "tenant", "acme")).toContain("Suspended");
    await kaji("tenant", "resume", "acme");
    await eventually(
      "its pod is back",
      async () =>
        /^web\s+1\/1\s/m.test(await at.kubectl("get", "deployment", "web", "-n", "tenant-acme")),
      WAIT_MS,
    );
  });

  test("leaves nothing when it is deleted", { timeout: 120_000 }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    const prevent = '{"spec":{"preventDelete":true}}';
    await at.kubectl("patch", "tenant", "acme", "--type=merge", "-p", prevent);
    expect(await refusedBy("tenant", "delete", "acme")).toContain("spec.preventDelete is set");
    const allow = '{"spec":{"preventDelete":false}}';
    await at.kubectl("patch", "tenant", "acme", "--type=merge", "-p", allow);
    expect(await kaji("tenant", "delete", "acme")).toMatch(
      /tenant acme deleted: \d+ kinds looked at, nothing is left/,
    );
    expect((await asOwner("get", "pods")).output).toMatch(/Unauthorized|logged in/);
    await at.kubectl("get", "deployment", "web", "-n", "tenant-globex");
  });

  test("is made again from its export, with its host, though others would have to wait for that", {
    timeout: 120_000,
  }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    const host = ["tenant", "create", "thief", "--plan", "small", "--host", "acme.example.com"];
    expect(await refusedBy(...host)).toContain('was given back by tenant "acme"');
    await at.kubectl("apply", "-f", join(at.scratch, "acme.yaml"));
    await kaji("tenant", "wake", "acme");
    const data = ["get", "configmap", "mine", "-n", "tenant-acme", "-o", "jsonpath={.data.a}"];
    expect(await at.kubectl(...data)).toBe("b");
    await eventually(
      "its pod is ready again",
      async () =>
        /^web\s+1\/1\s/m.test(await at.kubectl("get", "deployment", "web", "-n", "tenant-acme")),
      WAIT_MS,
    );
    const bound = ["get", "quota", "kaji-tenant", "-n", "tenant-acme", "-o", "name"];
    expect(await at.kubectl(...bound)).toBe("resourcequota/kaji-tenant\n");
  });
});

test("tenants of a file are made once, however often it is given", {
  timeout: 120_000,
}, async (context) => {
  requireHost(context, PARITY_NEEDS);
  const file = join(at.scratch, "many.csv");
  const lines = Array.from({ length: 300 }, (_, n) => `t${n},shared,t${n}.example.com`);
  lines[7] = "T7,shared,t7.example.com";
  lines[9] = "t9,shared,globex.example.com";
  writeFileSync(file, ["name,plan,host", ...lines].join("\n"));
  const first = await at.cluster.kaji("tenant", "create", "-f", file);
  expect(first.stdout).toContain("298 created, 0 there already, 2 refused");
  expect(first.stderr).toContain('line 9: Tenant.kaji.dev "T7" is invalid: metadata.name');
  expect(first.stderr).toContain('line 11: Tenant.kaji.dev "t9" is invalid: spec.hosts[0]');
  const second = await at.cluster.kaji("tenant", "create", "-f", file);
  expect(second.stdout).toContain("0 created, 298 there already, 2 refused");
  const shown = await kaji("tenant", "list", "--plan", "shared", "--limit", "3");
  expect(shown.trim().split("\n")).toHaveLength(4);
});
