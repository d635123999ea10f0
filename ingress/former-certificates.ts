import { existsSync, readFileSync } from "node:fs";
import { DEFAULT_HOST } from "#ingress/plan/entries";
import type { IngressPlan } from "#ingress/plan/plan";

/**
 * The certificates that nginx was last given, from its state file (`encodeChanges` wrote it): so that one that
 * cannot be used leaves the former one in place after a restart of this process too. A file that is cut off gives
 * what stands before the cut.
 */
export function readFormerCertificates(stateFile: string): IngressPlan["certificates"] {
  const certificates = new Map<string, { certificatePem: string; keyPem: string }>();
  if (!existsSync(stateFile)) return certificates;
  const content = readFileSync(stateFile);
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf("\n", at);
    const head = /^set (\w+) (\d+) (\d+)$/.exec(content.toString("utf8", at, end));
    if (end < 0 || !head) break;
    const [, dictionary, keyBytes, valueBytes] = head;
    const valueAt = end + 1 + Number(keyBytes);
    const next = valueAt + Number(valueBytes);
    if (next > content.length) break;
    if (dictionary === "certificates") {
      const host = content.toString("utf8", end + 1, valueAt);
      const [certificatePem = "", keyPem = ""] = content
        .toString("utf8", valueAt, next)
        .split("\t");
      certificates.set(host === DEFAULT_HOST ? "" : host, { certificatePem, keyPem });
    }
    at = next;
  }
  return certificates;
}
