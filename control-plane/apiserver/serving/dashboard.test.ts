import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isMeant, protocolToken } from "#control-plane/apiserver/serving/credentials";
import { createDashboardFiles } from "#control-plane/apiserver/serving/dashboard";

const folder = mkdtempSync(join(tmpdir(), "kaji-dashboard-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "index.html"), "<p>plain</p>");
writeFileSync(join(folder, "index.html.br"), "packed");
writeFileSync(join(folder, "main-abc.js"), "1");
writeFileSync(join(folder, "secret.pem"), "key");

describe("the dashboard's files", () => {
  const files = createDashboardFiles(folder);

  test("allow no script but their own, and no frame", () => {
    const page = files.serve("/dashboard/", undefined);
    expect(page?.status).toBe(200);
    expect(page?.headers["content-security-policy"]).toContain(
      "default-src 'none'; script-src 'self';",
    );
    expect(page?.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(page?.headers["cache-control"]).toBe("no-cache");
    expect(files.serve("/dashboard/main-abc.js", "")?.headers["cache-control"]).toContain(
      "immutable",
    );
  });

  test("come compressed to whoever takes that", () => {
    expect(files.serve("/dashboard/", "gzip, br")?.headers["content-encoding"]).toBe("br");
    expect(String(files.serve("/dashboard/", "gzip")?.body)).toBe("<p>plain</p>");
  });

  test("are those that were built, and no path leads out of them", () => {
    for (const name of [
      "secret.pem",
      "../secret.pem",
      "..%2fsecret.pem",
      "index.html.br",
      "toString",
    ])
      expect(files.serve(`/dashboard/${name}`, undefined)?.status, name).toBe(404);
    expect(files.serve("/dashboards", undefined)).toBeUndefined();
    expect(files.serve("/dashboard", undefined)?.headers.location).toBe("/dashboard/");
  });

  test("say how they are built when they are not there", () => {
    const none = createDashboardFiles(join(folder, "none"));
    expect(String(none.serve("/dashboard/", undefined)?.body)).toContain("npm run build");
  });
});

describe("a WebSocket of a browser", () => {
  test("says its token as a subprotocol", () => {
    const encoded = Buffer.from("a.b-c").toString("base64url");
    expect(
      protocolToken(`v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.${encoded}`),
    ).toBe("Bearer a.b-c");
    expect(protocolToken("v5.channel.k8s.io")).toBeUndefined();
    expect(protocolToken(undefined)).toBeUndefined();
  });

  test("is taken from the dashboard's own page alone, unless it shows a token", () => {
    const host = "10.0.0.1:6443";
    expect(isMeant(undefined, { origin: "https://10.0.0.1:6443", host })).toBe(true);
    expect(isMeant(undefined, { origin: "https://evil.example", host })).toBe(false);
    expect(isMeant(undefined, { origin: "null", host })).toBe(false);
    expect(isMeant("Basic YTpi", { origin: "https://evil.example", host })).toBe(false);
    expect(isMeant(undefined, { host })).toBe(true);
    expect(isMeant("Bearer a.b", { origin: "http://localhost:8001", host })).toBe(true);
  });
});
