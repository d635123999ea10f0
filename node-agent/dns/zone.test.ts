import { describe, expect, test } from "vitest";
import type { Endpoint, EndpointSlice, Service } from "#api/schema/types";
import { createZone } from "#node-agent/dns/zone";
import type { ServiceWithEndpoints } from "#node-agent/session/types";

const config = {
  clusterDomain: "cluster.local",
  clusterPodCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
};

const httpPort = { name: "http", port: 80, protocol: "TCP" };

function entry(
  name: string,
  spec: Service["spec"],
  endpoints: Endpoint[] = [],
): ServiceWithEndpoints {
  const metadata = { name, namespace: "shop" };
  const slice: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    endpoints,
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  };
  const service: Service = { apiVersion: "v1", kind: "Service", metadata, spec };
  return { service, endpointSlices: [slice] };
}

const members: Endpoint[] = [
  { addresses: ["10.244.0.5"], hostname: "db-0" },
  { addresses: ["10.244.0.6"] },
  { addresses: ["10.244.0.7"], hostname: "db-2", conditions: { ready: false } },
];

const services = new Map<string, ServiceWithEndpoints>([
  ["shop/web", entry("web", { clusterIP: "10.96.0.20", ports: [httpPort] }, [members[1]!])],
  ["shop/db", entry("db", { clusterIP: "None", ports: [httpPort] }, members)],
  ["shop/empty", entry("empty", { clusterIP: "None", ports: [httpPort] })],
  [
    "shop/all",
    entry(
      "all",
      { clusterIP: "None", ports: [httpPort], publishNotReadyAddresses: true },
      members.slice(2),
    ),
  ],
  ["shop/ext", entry("ext", { type: "ExternalName", externalName: "API.example.com." })],
]);
const zone = createZone(config, { services, changed: [] });

function look(name: string, type: string): string[] | string {
  const found = zone.lookup(name, type);
  if (found.type === "alias") return `alias ${found.target}`;
  if (found.type !== "records") return found.type;
  return found.answers.map((answer) => {
    switch (answer.type) {
      case "SRV":
        return `SRV ${answer.data.port} ${answer.data.target}`;
      case "A":
      case "PTR":
        return `${answer.type} ${answer.data}`;
      case "TXT":
        return `TXT ${JSON.stringify(answer.data)}`;
      default:
        return answer.type;
    }
  });
}

describe("the cluster's zone", () => {
  test.each<[string, string, string[] | string]>([
    ["web.shop.svc.cluster.local", "A", ["A 10.96.0.20"]],
    ["web.shop.svc.cluster.local", "AAAA", []],
    ["web.shop.svc.cluster.local", "MX", []],
    ["web.other.svc.cluster.local", "A", "noSuchName"],
    ["nothing.shop.svc.cluster.local", "A", "noSuchName"],
    ["db.shop.svc.cluster.local", "A", ["A 10.244.0.5", "A 10.244.0.6"]],
    ["db-0.db.shop.svc.cluster.local", "A", ["A 10.244.0.5"]],
    ["10-244-0-6.db.shop.svc.cluster.local", "A", ["A 10.244.0.6"]],
    ["db-2.db.shop.svc.cluster.local", "A", "noSuchName"],
    ["db-2.all.shop.svc.cluster.local", "A", ["A 10.244.0.7"]],
    ["empty.shop.svc.cluster.local", "A", []],
    ["_http._tcp.web.shop.svc.cluster.local", "SRV", ["SRV 80 web.shop.svc.cluster.local"]],
    ["_http._tcp.web.shop.svc.cluster.local", "A", []],
    ["_http._udp.web.shop.svc.cluster.local", "SRV", "noSuchName"],
    [
      "_http._tcp.db.shop.svc.cluster.local",
      "SRV",
      ["SRV 8080 db-0.db.shop.svc.cluster.local", "SRV 8080 10-244-0-6.db.shop.svc.cluster.local"],
    ],
    ["ext.shop.svc.cluster.local", "A", "alias api.example.com"],
    ["10-244-3-9.shop.pod.cluster.local", "A", ["A 10.244.3.9"]],
    ["10-1-3-9.shop.pod.cluster.local", "A", "noSuchName"],
    ["20.0.96.10.in-addr.arpa", "PTR", ["PTR web.shop.svc.cluster.local"]],
    ["5.0.244.10.in-addr.arpa", "PTR", ["PTR db-0.db.shop.svc.cluster.local"]],
    ["99.0.244.10.in-addr.arpa", "PTR", "noSuchName"],
    ["1.1.1.1.in-addr.arpa", "PTR", "outside"],
    ["shop.svc.cluster.local", "A", []],
    ["other.svc.cluster.local", "A", "noSuchName"],
    ["svc.cluster.local", "A", []],
    ["cluster.local", "A", []],
    ["example.com.shop.svc.cluster.local", "A", "noSuchName"],
    ["dns-version.cluster.local", "TXT", ['TXT "1.1.0"']],
    ["x.cluster.local", "A", "noSuchName"],
    ["example.com", "A", "outside"],
    ["notcluster.local", "A", "outside"],
  ])("%s %s", (name, type, expected) => {
    expect(look(name, type)).toEqual(expected);
  });

  test("an SRV answer brings the addresses of its targets along", () => {
    const found = zone.lookup("_http._tcp.db.shop.svc.cluster.local", "SRV");
    expect(found.type === "records" && found.additionals).toMatchObject([
      { name: "db-0.db.shop.svc.cluster.local", type: "A", data: "10.244.0.5" },
      { name: "10-244-0-6.db.shop.svc.cluster.local", type: "A", data: "10.244.0.6" },
    ]);
  });
});
