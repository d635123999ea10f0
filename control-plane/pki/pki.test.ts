import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { YEAR_MS } from "#control-plane/pki/certificates";
import { ensurePki } from "#control-plane/pki/pki";
import { type Locations, locationsFor } from "#kit/locations";

let root: string;
let locations: Locations;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-pki-"));
  locations = locationsFor(root);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const options = { hosts: ["localhost"], addresses: ["127.0.0.1"], nowMs: Date.now() };

describe("the certificates", () => {
  test("are made once and kept", async () => {
    const first = await ensurePki(locations, options);
    const second = await ensurePki(locations, options);
    expect(second.caPem).toBe(first.caPem);
    expect(second.server).toEqual(first.server);
    const admin = new X509Certificate(first.admin.certificatePem);
    expect(admin.subject).toBe("O=system:masters\nCN=kaji-admin");
    expect(admin.verify(new X509Certificate(first.caPem).publicKey)).toBe(true);
    const key = join(locations.lib, "pki", "ca.key");
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(await readFile(key, "utf8")).toContain("PRIVATE KEY");
  });

  test("of the server are made anew for a new name or near their end, by the same authority", async () => {
    const first = await ensurePki(locations, options);
    const moved = await ensurePki(locations, { ...options, addresses: ["127.0.0.1", "192.0.2.7"] });
    expect(moved.caPem).toBe(first.caPem);
    expect(new X509Certificate(moved.server.certificatePem).checkIP("192.0.2.7")).toBe("192.0.2.7");
    expect(moved.admin).toEqual(first.admin);
    const later = await ensurePki(locations, { ...options, nowMs: options.nowMs + 0.9 * YEAR_MS });
    expect(later.server.certificatePem).not.toBe(moved.server.certificatePem);
    expect(later.caPem).toBe(first.caPem);
  });
});
