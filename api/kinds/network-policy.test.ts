import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { networkPolicyKind } from "#api/kinds/network-policy";
import type { NetworkPolicy, NetworkPolicySpec } from "#api/schema/types";
import { packageRoot } from "#kit/package-root";

function policyOf(spec: NetworkPolicySpec): NetworkPolicy {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "rules", namespace: "default" },
    spec: structuredClone(spec),
  };
  networkPolicyKind.setDefaults(policy);
  return policy;
}

const said = (spec: NetworkPolicySpec): string[] =>
  networkPolicyKind.validate(policyOf(spec)).map(({ field, message }) => `${field}: ${message}`);

test.each<[string, NetworkPolicySpec, string[]]>([
  ["is for what comes in", {}, ["Ingress"]],
  ["is for both when it says something of what goes out", { egress: [{}] }, ["Ingress", "Egress"]],
  [
    "is for both when it says nothing may come in and something may go out",
    { ingress: [], egress: [{}] },
    ["Ingress", "Egress"],
  ],
  ["is not for what goes out when the list of that is empty", { egress: [] }, ["Ingress"]],
  ["is for what it says", { policyTypes: ["Egress"] }, ["Egress"]],
])("a policy %s", (_, spec, types) => {
  expect(policyOf(spec).spec).toMatchObject({ policyTypes: types, podSelector: {} });
});

test("a port without a protocol is of TCP", () => {
  expect(policyOf({ ingress: [{ ports: [{ port: 80 }] }] }).spec.ingress?.[0]?.ports).toEqual([
    { port: 80, protocol: "TCP" },
  ]);
});

describe("a policy that is wrong is refused", () => {
  const peer = (block: { cidr: string; except?: string[] }) => ({
    ingress: [{ from: [{ ipBlock: block }] }],
  });
  const port = (one: object) => ({ egress: [{ ports: [one] }] });
  test.each<[NetworkPolicySpec, string]>([
    [{ ingress: [{ from: [{}] }] }, "spec.ingress[0].from[0]: Required value: must specify a peer"],
    [
      { egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/8" }, podSelector: {} }] }] },
      "spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer",
    ],
    [peer({ cidr: "" }), "spec.ingress[0].from[0].ipBlock.cidr: Required value"],
    [
      peer({ cidr: "10.0.0.0" }),
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
    [
      peer({ cidr: "10.0.0.0/8", except: ["10.0.0.0/8"] }),
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    ],
    [
      peer({ cidr: "2001:db8::/32", except: ["2001:db9::/64"] }),
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "2001:db9::/64": must be a strict subset of `cidr`',
    ],
    [
      port({ port: 80, endPort: 79 }),
      "spec.egress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`",
    ],
    [
      port({ endPort: 79 }),
      "spec.egress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified",
    ],
    [
      port({ port: "http", endPort: 79 }),
      "spec.egress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is non-numeric",
    ],
    [
      port({ port: 80, protocol: "ICMP" }),
      'spec.egress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
    ],
    [
      { policyTypes: ["Both"] },
      'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ],
    [
      { policyTypes: ["Ingress", "Egress", "Ingress"] },
      'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
    ],
  ])("%j", (spec, sentence) => {
    expect(said(spec)).toEqual([sentence]);
  });

  test("blocks of both families with exceptions inside them are good", () => {
    expect(said(peer({ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }))).toEqual([]);
    expect(said(peer({ cidr: "2001:db8::/32", except: ["2001:db8:1::/64"] }))).toEqual([]);
    expect(said(peer({ cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] }))).toEqual([]);
  });
});

test("the examples of manifests/network-policy are good", () => {
  const folder = join(packageRoot(), "manifests/network-policy");
  const files = readdirSync(folder);
  expect(files).toHaveLength(5);
  for (const file of files) {
    const policy = parse(readFileSync(join(folder, file), "utf8")) as NetworkPolicy;
    networkPolicyKind.setDefaults(policy);
    expect(networkPolicyKind.validate(policy), file).toEqual([]);
  }
});
