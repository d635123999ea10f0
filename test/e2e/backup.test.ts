import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { secretKind } from "#api/kinds/secret";
import { serviceAccountKind } from "#api/kinds/service-account";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { loadKubeconfig } from "#client/kubeconfig";
import { restTransport } from "#client/rest";
import { type RunningServer, startServer } from "#control-plane/main";
import { openBackend } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { builtCli, type Cli } from "#test/e2e/cli-fixture";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";
import { eventually, freePorts } from "#test/support/host";

/** Backup, restore and encryption at rest as a user meets them: real servers, the command line, real etcd. */
const CANARY = "canary-9d2c41";
const noEtcd = whyNoEtcd();
let root: string;
let cli: Cli;
let port: number;
let server: RunningServer | undefined;
/** Credentials of before the backup, which must go on working. */
let oldAdmin: string;
let oldToken: string;
let oldRevision: string;
let backup: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "kaji-backup-e2e-"));
  cli = builtCli();
  [port = 0] = await freePorts(1);
  backup = join(root, "cluster.backup");
  server = await start("one");
  oldAdmin = readFileSync(server.kubeconfigPath, "utf8");
  const { client } = server;
  await client.create(secretKind, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "canary", namespace: "default" },
    stringData: { value: CANARY },
  });
  await client.create(configMapKind, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "default" },
    data: { colour: "blue" },
  });
  const target = { name: "default", namespace: "default", subresource: "token" };
  const answer = await client.createSubresource<{ status: { token: string } }>(
    serviceAccountKind,
    target,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  );
  oldToken = answer.status.token;
});
afterAll(async () => {
  await server?.stop();
  cli?.remove();
  rmSync(root, { recursive: true, force: true });
});

const start = (name: string, storeUrl?: string): Promise<RunningServer> =>
  startServer({
    locations: locationsFor(join(root, name)),
    ...(storeUrl ? { storeUrl } : {}),
    bindAddress: "127.0.0.1",
    apiPort: port,
    gatewayPort: 0,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });

const kaji = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cli.run(args);
  return code === 0 ? stdout : stderr;
};

/**
 * Files of a root that show the canary, plain or in base64. Read by another process: when this one closes a file that
 * SQLite has locked, the kernel drops the lock.
 */
function filesWithCanary(name: string): string[] {
  const forms = [CANARY, Buffer.from(CANARY).toString("base64")];
  const patterns = forms.flatMap((form) => ["-e", form]);
  const args = ["-rlaF", ...patterns, join(root, name, "lib")];
  const { status, stdout, stderr } = spawnSync("grep", args, { encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout.split("\n").filter(Boolean);
}

async function expectAllThere(name: string): Promise<void> {
  const { rest } = await loadKubeconfig(join(root, name, "lib/admin.kubeconfig"));
  const transport = restTransport({
    server: rest.server,
    ...(rest.ca ? { ca: rest.ca } : {}),
    token: oldToken,
  });
  const asAccount = createClient(transport);
  expect(await asAccount.raw("GET", "/version")).toMatchObject({ major: "1" });
  await transport.close();
  const kubeconfig = join(root, "old-admin.kubeconfig");
  writeFileSync(kubeconfig, oldAdmin, { mode: 0o600 });
  const admin = await loadKubeconfig(kubeconfig);
  const adminTransport = restTransport(admin.rest);
  const client = createClient(adminTransport);
  const secret = await client.get(secretKind, "canary", "default");
  expect(Buffer.from(secret.data?.value ?? "", "base64").toString()).toBe(CANARY);
  const settings = await client.get(configMapKind, "settings", "default");
  expect(settings.data).toEqual({ colour: "blue" });
  expect(Number(settings.metadata.resourceVersion)).toBeGreaterThan(Number(oldRevision));
  await expectGone(client);
  await adminTransport.close();
}

/** A watcher of before the restore is told to list again. */
async function expectGone(client: Client): Promise<void> {
  const watch = client.watch(configMapKind, {
    namespace: "default",
    resourceVersion: oldRevision,
    signal: new AbortController().signal,
  });
  await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 410 });
}

describe("a cluster", () => {
  test("keeps its Secrets encrypted on the disk, in the write-ahead log too", () => {
    expect(readdirSync(join(root, "one/lib"))).toContain("state.db-wal");
    expect(filesWithCanary("one")).toEqual([]);
  });

  test("is backed up while it runs, into a file for its owner only", async () => {
    const printed = await kaji("backup", backup, "--root-dir", join(root, "one"));
    expect(printed).toMatch(/cluster\.backup: \d+ entries at revision \d+, .*private keys/);
    oldRevision = /revision (\d+)/.exec(printed)?.[1] ?? "";
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(existsSync(`${backup}.partial`)).toBe(false);
    const text = gunzipSync(readFileSync(backup)).toString();
    expect(text).toContain('"file":"pki/ca.key"');
    expect(text).not.toContain(Buffer.from(CANARY).toString("base64"));
  });

  test("may be backed up by administrators only", async () => {
    const { rest } = await loadKubeconfig(join(root, "one/lib/ingress.kubeconfig"));
    const transport = restTransport(rest);
    const client = createClient(transport);
    for (const path of ["/kaji/v1/backup", "/kaji/v1/encryption"]) {
      await expect(client.raw("GET", path)).rejects.toMatchObject({ code: 403 });
    }
    await transport.close();
  });

  test("is not restored over while it runs, nor over another one without force", async () => {
    const own = ["--root-dir", join(root, "one")];
    expect(await kaji("restore", backup, ...own)).toContain("another running process holds it");
    await server?.stop();
    server = undefined;
    expect(await kaji("restore", backup, ...own)).toMatch(
      /^kaji: the store is not empty: give --force to replace all that is in it by the backup\n$/,
    );
  });

  test("comes back from its backup elsewhere, with its old credentials", async () => {
    const printed = await kaji("restore", backup, "--root-dir", join(root, "two"));
    expect(printed).toMatch(/^restored \d+ keys as they were at 20.*: start the server now\n$/);
    expect(statSync(join(root, "two/lib/pki/ca.key")).mode & 0o777).toBe(0o600);
    server = await start("two");
    await expectAllThere("two");
    expect(filesWithCanary("two")).toEqual([]);
  });

  test("turns its encryption key over", async () => {
    const own = ["--root-dir", join(root, "two")];
    const keyOf = (status: string): string[] => status.match(/k[0-9a-f]{12}/g) ?? [];
    const [before = ""] = keyOf(await kaji("encryption", "status", ...own));
    const printed = await kaji("encryption", "rotate", ...own);
    const [next = ""] = keyOf(printed);
    expect(next).not.toBe(before);
    const status = await eventually("only the new key is left", async () => {
      const shown = await kaji("encryption", "status", ...own);
      return keyOf(shown).join() === next && shown;
    });
    expect(status).toMatch(/^KEY +SECRETS +STATE\nk[0-9a-f]{12} +\d+ +current\n$/);
    await expectAllThere("two");
  });

  test("goes back to the backup with force, and keeps the files that it replaced", async () => {
    await server?.stop();
    server = undefined;
    const lib = join(root, "three/lib");
    server = await start("three");
    await server.stop();
    const own = ["--root-dir", join(root, "three")];
    const foreign = readFileSync(join(lib, "pki/ca.key"), "utf8");
    expect(await kaji("restore", backup, ...own)).toContain(
      "is not the one in the backup: give --force",
    );
    await kaji("restore", backup, "--force", ...own);
    expect(readFileSync(join(lib, "before-restore/pki/ca.key"), "utf8")).toBe(foreign);
    server = await start("three");
    await expectAllThere("three");
    await server.stop();
    server = undefined;
  });

  test("is backed up also when no server runs", async () => {
    const file = join(root, "offline.backup");
    const own = ["--root-dir", join(root, "three")];
    const printed = await kaji(
      "backup",
      file,
      "--store",
      `sqlite://${root}/three/lib/state.db`,
      ...own,
    );
    expect(printed).toContain("entries at revision");
  });
});

describe.runIf(noEtcd === undefined)("a cluster on SQLite", () => {
  let etcd: TestEtcd;
  beforeAll(async () => {
    etcd = await startEtcd({ isDurable: false });
  });
  afterAll(() => etcd?.stop());

  test("moves to etcd, whose values show no Secret, and back", async () => {
    const url = etcd.url("/kaji");
    const own = ["--root-dir", join(root, "four")];
    await kaji("restore", backup, "--store", url, ...own);
    server = await start("four", url);
    await expectAllThere("four");
    expect(await kaji("restore", backup, "--force", "--store", url, ...own)).toMatch(
      /a server uses this store \(apiserver-\S+, heard of \d+ s ago\): stop all servers/,
    );
    const raw = await openBackend(url, { clock: systemClock, log: silentLog });
    const { keyValues } = await raw.list({ prefix: "" });
    const text = keyValues.map(({ value }) => Buffer.from(value).toString("latin1")).join("\n");
    await raw.close();
    for (const form of [CANARY, Buffer.from(CANARY).toString("base64")]) {
      expect(text).not.toContain(form);
    }
    const file = join(root, "from-etcd.backup");
    await kaji("backup", file, ...own);
    await server.stop();
    server = undefined;
    await kaji("restore", file, "--root-dir", join(root, "five"));
    server = await start("five");
    await expectAllThere("five");
  });
});

test.runIf(noEtcd !== undefined)("etcd is missing", (context) => {
  console.warn(`SKIPPED: ${noEtcd}`);
  context.skip(noEtcd);
});
