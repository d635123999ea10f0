import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJoinToken } from "#cli/join-token";
import { type RunningServer, startServer } from "#control-plane/main";
import { createAuthority, issueCertificate } from "#control-plane/pki/certificates";
import { readIfThere } from "#control-plane/pki/files";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { createLog, type Log, silentLog } from "#kit/log";
import { publicKeyHash } from "#kit/public-key-hash";
import type { Trust } from "#node-agent/node/cluster-ca";
import { type NodeCredentials, obtainCredentials } from "#node-agent/node/credentials";
import { eventually, freePorts } from "#test/support/host";

/** How a host gets its certificate, against a real server: every way in which it cannot is one sentence. */
const root = mkdtempSync(join(tmpdir(), "kaji-join-"));
const HOUR_MS = 3_600_000;
let server: RunningServer;
let caPem: string;
let roots = 0;
const open: Server[] = [];

beforeAll(async () => {
  server = await start("server");
  caPem = (await readIfThere(join(root, "server/lib/pki/ca.crt"))) ?? "";
});
afterAll(async () => {
  for (const one of open) one.close();
  await server?.stop();
  rmSync(root, { recursive: true, force: true });
});

function start(name: string, apiPort = 0): Promise<RunningServer> {
  return startServer({
    locations: locationsFor(join(root, name)),
    bindAddress: "127.0.0.1",
    apiPort,
    gatewayPort: 0,
    podCidr: "10.244.0.0/16",
    serviceCidr: "10.96.0.0/16",
    clusterDomain: "cluster.local",
    log: silentLog,
  });
}

interface Attempt {
  readonly url?: string;
  readonly trust?: Trust | undefined;
  readonly token?: string | undefined;
  readonly name?: string;
  readonly log?: Log;
  readonly directory?: string;
}

function attempt(wanted: Attempt): Promise<NodeCredentials> {
  return obtainCredentials({
    directory: wanted.directory ?? join(root, `agent-${++roots}`),
    serverUrl: wanted.url ?? server.url,
    trust: "trust" in wanted ? wanted.trust : pin(),
    joinToken: wanted.token,
    nodeName: wanted.name ?? "node-1",
    machine: { machineId: "m1", bootId: "b1" },
    clock: systemClock,
    log: wanted.log ?? silentLog,
  });
}

const pin = (): Trust => ({ caCertHash: publicKeyHash(caPem) });
const token = (ttlSeconds = 60, isSingleUse = false): Promise<string> =>
  createJoinToken(server.client, { ttlSeconds, description: "a test", isSingleUse });

async function sentenceOf(wanted: Attempt): Promise<string> {
  const error: unknown = await attempt(wanted).catch((thrown: unknown) => thrown);
  return error instanceof Error ? error.message : "joined";
}

describe("a host with a token and the hash of the cluster's CA", () => {
  test("gets a certificate, and needs nothing when it starts again", async () => {
    const directory = join(root, "again");
    const joined = await attempt({ token: await token(), directory });
    expect(joined).toMatchObject({ nodeName: "node-1", caPem, serverUrl: server.url });
    const again = await obtainCredentials({
      directory,
      serverUrl: undefined,
      trust: undefined,
      joinToken: undefined,
      nodeName: "node-1",
      machine: { machineId: "m1", bootId: "b1" },
      clock: systemClock,
      log: silentLog,
    });
    expect(again).toEqual(joined);
  });

  test("joins again when its credentials are damaged or of another cluster", async () => {
    const directory = join(root, "damaged");
    await attempt({ token: await token(), directory });
    writeFileSync(join(directory, "credentials.json"), '{"nodeName":"no');
    const joined = await attempt({ token: await token(), directory });
    expect(joined.caPem).toBe(caPem);
    const other = (await createAuthority("kaji-ca", Date.now())).certificatePem;
    const trust = { caCertHash: publicKeyHash(other) };
    expect(await sentenceOf({ directory, trust, token: await token() })).toContain(
      "another authority",
    );
  });

  test("is let in once by a token for one host", async () => {
    const once = await token(60, true);
    await attempt({ token: once, name: "node-2" });
    expect(await sentenceOf({ token: once, name: "node-3" })).toBe(
      `the cluster at ${server.url} refused this host: the join token is not known here (it may have been used up or deleted); make a new one with \`kaji token create\``,
    );
  });

  test("waits for a server that is not up yet, and says so once", async () => {
    const [port = 0] = await freePorts(1);
    const lines: string[] = [];
    const log = createLog({ level: "warn", write: (line) => void lines.push(line) });
    const late = await start("late", port);
    const spare = await createJoinToken(late.client, { ttlSeconds: 60, description: "a test" });
    const ca = (await readIfThere(join(root, "late/lib/pki/ca.crt"))) ?? "";
    await late.stop();
    const trust = { caCertHash: publicKeyHash(ca) };
    const joining = attempt({ url: `https://127.0.0.1:${port}`, trust, token: spare, log });
    await eventually("it says that it waits", () => lines.length > 0);
    const back = await start("late", port);
    await expect(joining).resolves.toMatchObject({ nodeName: "node-1", caPem: ca });
    await back.stop();
    const refused = lines.filter((line) => line.includes("ECONNREFUSED"));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toContain("does not answer");
  });
});

describe("a host that cannot join ends with one sentence", () => {
  test("for a token that is wrong, expired or missing", async () => {
    expect(await sentenceOf({ token: "abcdef.0123456789abcdef" })).toContain(
      "the join token is not known here",
    );
    expect(await sentenceOf({ token: "nonsense" })).toContain("the join token is malformed");
    const short = await token(1);
    await eventually("the token has expired", async () =>
      (await sentenceOf({ token: short })).includes("the join token has expired; make a new one"),
    );
    expect(await sentenceOf({})).toBe(
      "node node-1 has no valid certificate for this cluster: run `kaji token create` on the server and start the agent with the command that it prints",
    );
  });

  test("for a hash of another CA, or one that is cut short, or none", async () => {
    const other = (await createAuthority("kaji-ca", Date.now())).certificatePem;
    const foreign = `the server at ${server.url} is not of the cluster that this host was told to join (its certificate has another authority): run \`kaji token create\` on the right cluster and use the command that it prints`;
    const good = await token();
    const trust = { caCertHash: publicKeyHash(other) };
    expect(await sentenceOf({ token: good, trust })).toBe(foreign);
    expect(await sentenceOf({ token: good, trust: { caPem: other } })).toBe(foreign);
    expect(await sentenceOf({ token: good, trust: { caCertHash: "sha256:12" } })).toContain(
      'is not "sha256:" and 64 hex digits',
    );
    expect(await sentenceOf({ token: good, trust: undefined })).toContain(
      "does not know which cluster to trust: give --ca-cert-hash",
    );
  });

  test("for a server that is none of Kaji's", async () => {
    const notTls = createTcpServer((socket) => socket.end("hello\n"));
    expect(await sentenceOf({ url: await listening(notTls), token: "t" })).toMatch(
      /^https:\/\/127\.0\.0\.1:\d+ does not speak TLS: check the host and the port of --server$/,
    );
    const now = Date.now();
    const web = await httpsServer(now, (caOfIt) => caOfIt.length.toString());
    expect(await sentenceOf({ url: web.url, token: "t" })).toContain("is not a Kaji server");
  });

  test("for a clock that is behind the cluster's", async () => {
    const ahead = await httpsServer(Date.now() + HOUR_MS, (ca) => ca);
    const trust = { caCertHash: publicKeyHash(ahead.ca) };
    expect(await sentenceOf({ url: ahead.url, trust, token: "t" })).toMatch(
      /is not valid yet by this host's clock, which says 20\d\d-.*Z: set the clock \(`timedatectl set-ntp true`\) and start the agent again$/,
    );
  });

  test("for a clock that is ahead of the cluster's", async () => {
    const behind = await httpsServer(Date.now() - 3 * HOUR_MS, (ca) => ca);
    const trust = { caCertHash: publicKeyHash(behind.ca) };
    expect(await sentenceOf({ url: behind.url, trust, token: "t" })).toContain(
      "has expired by this host's clock",
    );
  });
});

/** A server whose certificates were made at that time and are good for an hour. */
async function httpsServer(
  nowMs: number,
  answer: (caPem: string) => string,
): Promise<{ url: string; ca: string }> {
  const authority = await createAuthority("kaji-ca", nowMs);
  const { keyPem, certificatePem } = await issueCertificate(authority, {
    subject: { commonName: "kube-apiserver" },
    purpose: "server",
    addresses: ["127.0.0.1"],
    validMs: HOUR_MS,
    nowMs,
  });
  const ca = authority.certificatePem;
  const web = createServer({ key: keyPem, cert: certificatePem }, (_, response) =>
    response.end(answer(ca)),
  );
  return { url: await listening(web), ca };
}

async function listening(one: Server): Promise<string> {
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
  open.push(one);
  return `https://127.0.0.1:${(one.address() as AddressInfo).port}`;
}
