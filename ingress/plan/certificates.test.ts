import { describe, expect, test } from "vitest";
import { type IngressPlan, planIngress } from "#ingress/plan/plan";
import { selfSigned } from "#test/support/certificates";
import {
  annotated,
  clusterView,
  hostTo,
  ingressOf,
  pathTo,
  secretOf,
} from "#test/support/ingress-objects";

const spec = {
  ...hostTo("shop.example", [pathTo("web")]),
  tls: [{ hosts: ["shop.example"], secretName: "cert" }],
};

function planOf(
  secret: Readonly<Record<string, string>> | undefined,
  former?: IngressPlan["certificates"],
  annotations: Record<string, string> = {},
): IngressPlan {
  const ingresses = [ingressOf("shop", spec, annotated(annotations))];
  const secrets = secret ? [secretOf("cert", secret)] : [];
  return planIngress(clusterView({ ingresses, secrets }), former);
}

const policyOf = (plan: IngressPlan) => plan.hosts.get("shop.example")?.routes[0]?.policy;
const good = await selfSigned("shop.example");
const other = await selfSigned("other.example");
const pair = { "tls.crt": good.cert, "tls.key": good.key };

describe("certificates", () => {
  test("a host with a certificate redirects to HTTPS unless the annotation says no", () => {
    const plan = planOf(pair);
    expect(plan.certificates.get("shop.example")).toEqual({
      ...{ certificatePem: good.cert, keyPem: good.key },
    });
    expect(policyOf(plan)?.get("tls-redirect")).toBe("true");
    expect(policyOf(planOf(pair, undefined, { "ssl-redirect": "false" }))).toBeUndefined();
    expect(policyOf(planOf(undefined))).toBeUndefined();
  });

  test.each([
    [
      "that is longer than any needs",
      { "tls.crt": `${good.cert}\n`.repeat(200), "tls.key": good.key },
      /has more than 65536 bytes of certificates/,
    ],
    [
      "of a key that is another one's",
      { "tls.crt": good.cert, "tls.key": other.key },
      /has a tls.key that does not belong to its tls.crt/,
    ],
    [
      "that is no certificate",
      { "tls.crt": "CERT", "tls.key": good.key },
      /has a tls.crt or tls.key that cannot be read/,
    ],
    ["without a key", { "tls.crt": good.cert }, /has no tls.crt and tls.key/],
    ["that is gone", undefined, /is not there/],
  ])("instead of one %s the former certificate stays, with one sentence", (_, secret, sentence) => {
    const former = planOf(pair).certificates;
    const plan = planOf(secret, former);
    expect(plan.certificates.get("shop.example")?.keyPem).toBe(good.key);
    expect(policyOf(plan)?.get("tls-redirect")).toBe("true");
    expect(plan.problems.map(({ message }) => message)).toEqual([expect.stringMatching(sentence)]);
    expect(plan.problems[0]?.message).toMatch(
      /shop.example is served with the certificate it had$/,
    );
    expect(planOf(secret).problems[0]?.message).toMatch(/with a self-signed certificate$/);
  });

  test("one that does not name the host is served, and said", () => {
    const plan = planOf({ "tls.crt": other.cert, "tls.key": other.key });
    expect(plan.problems.map(({ reason }) => reason)).toEqual(["CertificateMismatch"]);
    expect(plan.certificates.has("shop.example")).toBe(true);
  });

  test("a wildcard's certificate covers a wildcard host", async () => {
    const wildcard = await selfSigned("*.shop.example");
    const secrets = [secretOf("cert", { "tls.crt": wildcard.cert, "tls.key": wildcard.key })];
    const ingress = ingressOf("shop", {
      ...hostTo("*.shop.example", [pathTo("web")]),
      tls: [{ hosts: ["*.shop.example"], secretName: "cert" }],
    });
    expect(planIngress(clusterView({ ingresses: [ingress], secrets })).problems).toEqual([]);
  });

  test("TLS without a Secret is the default certificate's", () => {
    const ingress = ingressOf("shop", { ...spec, tls: [{ hosts: ["shop.example"] }] });
    const parts = { ingresses: [ingress], secrets: [secretOf("default", pair)] };
    const plan = planIngress(clusterView({ ...parts, defaultCertificate: "default/default" }));
    expect([...plan.certificates.keys()].sort()).toEqual(["", "shop.example"]);
    expect(planIngress(clusterView(parts)).certificates.size).toBe(0);
  });
});
