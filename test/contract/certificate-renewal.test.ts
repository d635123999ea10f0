import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRng } from "#kit/rng";
import { silentLog } from "#kit/log";
import { createAuthority, type KeyAndCertificate } from "#control-plane/pki/certificates";
import { signNodeCsr } from "#control-plane/pki/pki";
import { createCertificateRenewal } from "#node-agent/node/certificate-renewal";
import type { NodeCredentials } from "#node-agent/node/credentials";
import { makeNodeKeys } from "#node-agent/node/node-keys";
import { eventually } from "#test/support/host";
import { ManualClock } from "#test/support/manual-clock";

const NODE = "n1";
const LIFE_MS = 1_000_000;

describe("the renewal of a node's certificate", () => {
  let authority: KeyAndCertificate;
  beforeAll(async () => {
    authority = await createAuthority("test", new ManualClock().now());
  });

  async function bench(store?: (next: NodeCredentials) => Promise<void>) {
    const clock = new ManualClock();
    const keys = await makeNodeKeys(NODE);
    const sign = (csrPem: string): Promise<string> =>
      signNodeCsr(authority, NODE, csrPem, clock.now(), LIFE_MS);
    const first: NodeCredentials = {
      nodeName: NODE,
      keyPem: keys.keyPem,
      certificatePem: await sign(keys.csrPem),
      caPem: authority.certificatePem,
      gatewayPort: 1,
      serverUrl: "https://127.0.0.1:1",
    };
    const requests: string[] = [];
    const stored: NodeCredentials[] = [];
    const renewal = createCertificateRenewal({
      credentials: first,
      store: store ?? (async (next) => void stored.push(next)),
      request: (csrPem) => void requests.push(csrPem),
      clock,
      rng: seededRng(7),
      log: silentLog,
    });
    return { ...{ clock, first, renewal, requests, stored, sign } };
  }

  test("is asked for when about four fifths of its life are over, and stored before it is used", async () => {
    const { clock, first, renewal, requests, stored, sign } = await bench();
    // A key is made in real time, while the clock runs ahead.
    clock.advance(0.7 * LIFE_MS);
    await clock.runUntil(() => true);
    expect(requests).toEqual([]);
    clock.advance(0.15 * LIFE_MS);
    await eventually("it is asked for", () => requests.length > 0);
    renewal.received(await sign(requests[0] ?? ""), first.caPem);
    expect(renewal.current()).toBe(first);
    await clock.runUntil(() => renewal.current() !== first);
    expect(stored).toEqual([renewal.current()]);
    const { certificatePem, keyPem } = renewal.current();
    expect(new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(keyPem))).toBe(
      true,
    );
    expect(keyPem).not.toBe(first.keyPem);
    renewal.close();
  });

  test("is asked for again, for the same key, until an answer fits", async () => {
    const { clock, first, renewal, requests, sign } = await bench();
    await clock.runUntil(() => requests.length >= 3);
    expect(new Set(requests).size).toBe(1);
    const { csrPem } = await makeNodeKeys(NODE);
    renewal.received(await sign(csrPem), first.caPem);
    const before = requests.length;
    await clock.runUntil(() => requests.length > before);
    expect(renewal.current()).toBe(first);
    renewal.close();
  });

  test("leaves the present one in use when the next cannot be stored", async () => {
    const { clock, first, renewal, requests, sign } = await bench(() =>
      Promise.reject(new Error("the disk is full")),
    );
    await clock.runUntil(() => requests.length > 0);
    renewal.received(await sign(requests[0] ?? ""), first.caPem);
    const before = requests.length;
    await clock.runUntil(() => requests.length > before);
    expect(renewal.current()).toBe(first);
    renewal.close();
  });
});
