import { X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { clockProblem } from "#node-agent/session/tls-time";
import type { SessionTls } from "#node-agent/session/types";
import { testAuthority } from "#test/support/certificates";

describe("a connection that fails because of time", () => {
  let tls: SessionTls;
  let nowMs: number;
  beforeAll(async () => {
    const authority = await testAuthority();
    tls = { ca: authority.ca, ...(await authority.clientFor("CN=system:node:n1")) };
    nowMs = Date.parse(new X509Certificate(tls.cert).validFrom) + 1_000;
  });

  const problem = (why: string, atMs = nowMs): string | undefined =>
    clockProblem(why, "10.0.0.1:6444", tls, atMs);

  test("says what both clocks say", () => {
    const ours = `this host's clock says ${new Date(nowMs).toISOString()}`;
    expect(problem("Last error: Error: certificate is not yet valid")).toContain(
      `the certificate of 10.0.0.1:6444 begins in the future: ${ours}`,
    );
    expect(problem("Last error: Error: certificate has expired")).toContain(
      `the certificate of 10.0.0.1:6444 has ended: ${ours}`,
    );
  });

  test("knows when it is this node's own certificate", () => {
    const dayMs = 86_400_000;
    expect(problem("read ECONNRESET", nowMs - dayMs)).toMatch(
      /^this node's certificate is good from .* by the server's clock, and this host's clock says/,
    );
    expect(problem("read ECONNRESET", nowMs + dayMs)).toContain("join again with a new token");
  });

  test("is no matter of time otherwise", () => {
    expect(problem("read ECONNRESET")).toBeUndefined();
  });
});
