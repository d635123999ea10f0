import { X509Certificate } from "node:crypto";
import type { Ingress, Secret } from "#api/schema/types";
import {
  clusterCheck,
  DAY_MS,
  inNamespace,
  type Problem,
  subjectOf,
} from "#cli/doctor/define-check";

const SOON_MS = 14 * DAY_MS;
const CERTIFICATE = "tls.crt";

export const ingressCertificatesAreGood = clusterCheck(
  "the certificates of Ingresses are good",
  function* ({ objects, unread }, nowMs) {
    if (unread.includes("secrets")) return;
    const secrets = new Map(
      objects.of<Secret>("Secret").map((one) => [keyOf(one.metadata.namespace, one), one]),
    );
    for (const ingress of objects.of<Ingress>("Ingress")) {
      for (const { secretName, hosts = [] } of ingress.spec.tls ?? []) {
        if (secretName === undefined) continue;
        const key = `${ingress.metadata.namespace}/${secretName}`;
        const found = problemWith(secrets.get(key), secretName, hosts, nowMs);
        if (!found) continue;
        yield {
          ...found,
          subject: subjectOf(ingress),
          remedy: "put a new certificate and its key into the Secret",
          command: `kubectl create secret tls ${secretName} --cert=FILE --key=FILE --dry-run=client -o yaml${inNamespace(ingress)} | kubectl apply -f -`,
        };
      }
    }
  },
);

function keyOf(namespace: string | undefined, { metadata }: Secret): string {
  return `${namespace}/${metadata.name}`;
}

function problemWith(
  secret: Secret | undefined,
  name: string,
  hosts: readonly string[],
  nowMs: number,
): Pick<Problem, "severity" | "problem"> | undefined {
  if (!secret) return { severity: "warning", problem: `its Secret ${name} is not there` };
  const certificate = certificateOf(secret);
  if (!certificate) {
    const problem = `its Secret ${name} holds no certificate under ${CERTIFICATE}`;
    return { severity: "warning", problem };
  }
  const leftMs = Date.parse(certificate.validTo) - nowMs;
  const days = Math.ceil(leftMs / DAY_MS);
  if (leftMs <= 0) {
    return { severity: "broken", problem: `its certificate in ${name} has expired` };
  }
  if (leftMs < SOON_MS) {
    return { severity: "warning", problem: `its certificate in ${name} expires in ${days} days` };
  }
  const other = hosts.find((host) => !covers(certificate, host));
  if (other === undefined) return undefined;
  return { severity: "warning", problem: `its certificate in ${name} is not for ${other}` };
}

function certificateOf({ data = {} }: Secret): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(data[CERTIFICATE] ?? "", "base64"));
  } catch {
    // Not a certificate: that is the finding.
    return undefined;
  }
}

/** A wildcard of the Ingress is asked for by one of its hosts. */
function covers(certificate: X509Certificate, host: string): boolean {
  return certificate.checkHost(host.replace(/^\*\./, "any.")) !== undefined;
}
