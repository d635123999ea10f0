import { X509Certificate } from "node:crypto";
import type { SessionTls } from "#node-agent/session/types";

/**
 * Why TLS failed, when time is the reason, with both clocks; undefined when it is not. Pure: `why` is what the
 * connection said.
 */
export function clockProblem(
  why: string,
  gateway: string,
  tls: SessionTls,
  nowMs: number,
): string | undefined {
  const ours = `this host's clock says ${new Date(nowMs).toISOString()}`;
  if (/certificate is not yet valid|CERT_NOT_YET_VALID/.test(why)) {
    return `the certificate of ${gateway} begins in the future: ${ours}, and the server's clock is ahead of it; set the clock that is wrong`;
  }
  if (/certificate has expired|CERT_HAS_EXPIRED/.test(why)) {
    return `the certificate of ${gateway} has ended: ${ours}, and the server's clock is behind it; set the clock that is wrong (if both are right, restart the server: it renews its certificate)`;
  }
  const { validFrom, validTo } = new X509Certificate(tls.cert);
  const span = `good from ${iso(validFrom)} to ${iso(validTo)} by the server's clock`;
  if (nowMs < Date.parse(validFrom)) {
    return `this node's certificate is ${span}, and ${ours}: set the clock that is wrong`;
  }
  if (nowMs > Date.parse(validTo)) {
    return `this node's certificate was ${span}, and ${ours}: if that clock is right, join again with a new token (\`kaji token create\`)`;
  }
  return undefined;
}

function iso(date: string): string {
  return new Date(date).toISOString();
}
