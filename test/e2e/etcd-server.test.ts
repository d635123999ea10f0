import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import { type RunningServer, startServer } from "#control-plane/main";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { eventually, findProgram } from "#test/support/host";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";

/** Two control planes on one etcd of three members, used with the unmodified kubectl. */
const run = promisify(execFile);
const reason = whyNoEtcd() ?? (findProgram("kubectl") ? undefined : "kubectl is not installed");

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
`;

describe.runIf(reason === undefined)("a server on etcd", () => {
  let root: string;
  let etcd: TestEtcd;
  let server: RunningServer;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "kaji-etcd-e2e-"));
    etcd = await startEtcd({ members: 3, tls: true });
    server = await start("one");
  });

  afterAll(async () => {
    await server?.stop();
    await etcd?.stop();
    await rm(root, { recursive: true, force: true });
  });

  const start = (name: string, serverToken?: string): Promise<RunningServer> =>
    startServer({
      ...(serverToken ? { serverToken } : {}),
      locations: locationsFor(join(root, name)),
      storeUrl: etcd.url("/kaji"),
      bindAddress: "127.0.0.1",
      apiPort: 0,
      gatewayPort: 0,
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/16",
      clusterDomain: "cluster.local",
      log: silentLog,
    });

  const flags = (): string[] => ["--kubeconfig", server.kubeconfigPath];
  const kubectl = async (...args: string[]): Promise<string> =>
    (await run("kubectl", [...flags(), ...args])).stdout;

  test("apply, get -w and delete work", async () => {
    const file = join(root, "settings.yaml");
    await writeFile(file, SETTINGS);
    const watch = spawn("kubectl", [...flags(), "get", "configmap", "-w", "-o", "json"]);
    const lines = createInterface({ input: watch.stdout })[Symbol.asyncIterator]();
    const nextLineWith = async (text: string): Promise<void> => {
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        if (line.value.includes(text)) return;
      }
      throw new Error(`kubectl get -w ended before it printed ${text}`);
    };
    try {
      expect(await kubectl("apply", "-f", file)).toBe("configmap/settings created\n");
      await nextLineWith('"colour": "blue"');
      await writeFile(file, SETTINGS.replace("blue", "red"));
      expect(await kubectl("apply", "-f", file)).toBe("configmap/settings configured\n");
      await nextLineWith('"colour": "red"');
      expect(await kubectl("get", "-f", file, "-o", "jsonpath={.data.colour}")).toBe("red");
      expect(await kubectl("delete", "-f", file)).toContain('"settings" deleted');
      await expect(kubectl("get", "-f", file)).rejects.toThrow("NotFound");
    } finally {
      watch.kill();
    }
  });

  test("controllers act on what is applied", async () => {
    await kubectl("create", "deployment", "web", "--image=nginx", "--replicas=2");
    await kubectl("wait", "deployment/web", "--for=jsonpath={.status.replicas}=2", "--timeout=60s");
    expect(await kubectl("get", "pods", "-o", "name")).toMatch(/^(pod\/web-\S+\n){2}$/);
  });

  test("what one server acknowledged another reads at once, also when etcd's leader is gone", async () => {
    const token = await readFile(join(locationsFor(join(root, "one")).lib, "server-token"), "utf8");
    const other = await start("two", token.trim());
    try {
      for (const name of ["first", "second"]) {
        await create(server.client, name);
        const { items } = await other.client.list(configMapKind, { namespace: "default" });
        expect(items.map(({ metadata }) => metadata.name)).toContain(name);
        if (name === "first") await (await etcd.leader()).kill();
      }
    } finally {
      await other.stop();
    }
  });
});

test.runIf(reason !== undefined)("etcd or kubectl is missing", (context) => {
  console.warn(`SKIPPED: ${reason}`);
  context.skip(reason);
});

/** A write that the lost leader took with it is answered with a 500, as in Kubernetes: one looks and tries again. */
function create(client: Client, name: string): Promise<boolean> {
  const metadata = { name, namespace: "default" };
  return eventually(`${name} is written`, async () => {
    try {
      await client.create(configMapKind, { apiVersion: "v1", kind: "ConfigMap", metadata });
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.code !== 409 && error.code !== 500) throw error;
      return error.code === 409;
    }
  });
}
