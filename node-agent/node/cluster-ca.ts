import { X509Certificate } from "node:crypto";
import { publicKeyHash } from "#kit/public-key-hash";
import { foreignServer, refusal } from "#node-agent/node/join-error";
import { httpsRequest } from "#node-agent/node/https-request";

/** How a host knows the cluster it shall trust: the authority itself, or the hash of its public key (kit/public-key-hash). */
export type Trust = { readonly caPem: string } | { readonly caCertHash: string };

export function isTrusted(caPem: string, trust: Trust | undefined): boolean {
  if (trust === undefined) return true;
  if ("caCertHash" in trust) return publicKeyHash(caPem) === trust.caCertHash.toLowerCase();
  return publicKeyHash(caPem) === publicKeyHash(trust.caPem);
}

/** The authority's certificate: what the host was given, or fetched without trust and checked against the hash. */
export async function clusterCa(serverUrl: string, trust: Trust, nowMs: number): Promise<string> {
  if ("caPem" in trust) return trust.caPem;
  if (!/^sha256:[0-9a-f]{64}$/i.test(trust.caCertHash)) {
    throw refusal(
      `the CA hash "${trust.caCertHash}" is not "sha256:" and 64 hex digits: copy it whole from \`kaji token create\``,
    );
  }
  const url = new URL("/kaji/v1/ca", serverUrl);
  const { status, text } = await httpsRequest(url, { method: "GET", isInsecure: true, nowMs });
  const caPem = status === 200 ? certificateIn(text) : undefined;
  if (caPem === undefined) {
    throw refusal(
      `${url.origin} is not a Kaji server (it gave no CA certificate, status ${status}): check --server`,
    );
  }
  if (!isTrusted(caPem, trust)) throw foreignServer(url.origin);
  return caPem;
}

function certificateIn(text: string): string | undefined {
  try {
    return new X509Certificate(text).toString();
  } catch {
    return undefined; // not a certificate: the caller says whose answer it was
  }
}
