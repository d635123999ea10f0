import { describe, expect, test } from "vitest";
import type { EndpointSlice, Service } from "#api/schema/types";
import { renderRuleset } from "#node-agent/network/services/render";
import { renderChange, renderWhole, type Ruleset } from "#node-agent/network/services/ruleset";
import { servicePorts } from "#node-agent/network/services/service-port";
import { staleFlows } from "#node-agent/network/services/stale-flows";
import type { ServiceState } from "#node-agent/session/types";

const node = {
  nodeName: "n1",
  bridge: "kaji0",
  gateway: "10.244.0.1",
  podCidr: "10.244.0.0/24",
  clusterPodCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  dnsIp: "10.96.0.10",
  isBridgeFiltered: true,
};

interface EndpointSketch {
  readonly ip: string;
  readonly nodeName?: string;
  readonly ready?: boolean;
  readonly serving?: boolean;
}

const a = { ip: "10.244.0.5" };
const b = { ip: "10.244.0.6" };
const elsewhere = { ip: "10.244.1.9", nodeName: "n2" };

function state(spec: Service["spec"], endpoints: readonly EndpointSketch[]): ServiceState {
  const metadata = { name: "web", namespace: "default" };
  const slice: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata,
    addressType: "IPv4",
    endpoints: endpoints.map(({ ip, nodeName = "n1", ready = true, serving = ready }) => {
      return { addresses: [ip], nodeName, conditions: { ready, serving } };
    }),
    ports: [{ name: "", port: 8080, protocol: spec.ports?.[0]?.protocol ?? "TCP" }],
  };
  const service: Service = { apiVersion: "v1", kind: "Service", metadata, spec };
  const entry = { service, endpointSlices: [slice] };
  return { services: new Map([["default/web", entry]]), changed: [] };
}

function rules(spec: Service["spec"], endpoints: readonly EndpointSketch[]): Ruleset {
  return renderRuleset("kaji", node, servicePorts(state(spec, endpoints), "n1"), []);
}

function entries({ elements }: Ruleset): string[] {
  return [...elements].flatMap(([map, pairs]) => {
    return [...pairs].map(([key, value]) => `${map}: ${key}${value && ` -> ${value}`}`);
  });
}

const clusterIp = { clusterIP: "10.96.0.20", ports: [{ port: 80 }] };
const nodePort = { ...clusterIp, type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] };
const service = "service/default/web/tcp/80";
const external = "external/default/web/tcp/80";
const inside = "inside/default/web/tcp/80";

describe("Services as rules", () => {
  test.each<[string, Service["spec"], EndpointSketch[], string[], Record<string, string[]>]>([
    [
      "one endpoint elsewhere",
      clusterIp,
      [elsewhere],
      [`service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`],
      { [service]: ["meta l4proto tcp dnat ip to 10.244.1.9:8080"] },
    ],
    [
      "endpoints are chosen at random, and those here may call themselves",
      clusterIp,
      [b, a],
      [
        `service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`,
        "hairpin: 10.244.0.5 . 10.244.0.5",
        "hairpin: 10.244.0.6 . 10.244.0.6",
      ],
      {
        [service]: [
          "meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.5 . 8080, 1 : 10.244.0.6 . 8080 }",
        ],
      },
    ],
    ["no endpoints: the address is refused by its range", clusterIp, [], [], {}],
    ["headless", { ...clusterIp, clusterIP: "None" }, [a], [], {}],
    ["ExternalName", { type: "ExternalName", externalName: "a.example" }, [a], [], {}],
    [
      "the DNS server's own address",
      { ...clusterIp, clusterIP: "10.96.0.10" },
      [elsewhere],
      [],
      {},
    ],
    [
      "not ready ones are left out",
      clusterIp,
      [
        { ...elsewhere, ready: false },
        { ip: "10.244.1.8", nodeName: "n2" },
      ],
      [`service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`],
      { [service]: ["meta l4proto tcp dnat ip to 10.244.1.8:8080"] },
    ],
    [
      "terminating ones serve while there is no other",
      clusterIp,
      [{ ...elsewhere, ready: false, serving: true }],
      [`service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`],
      { [service]: ["meta l4proto tcp dnat ip to 10.244.1.9:8080"] },
    ],
    [
      "internalTrafficPolicy Local with no endpoint here",
      { ...clusterIp, internalTrafficPolicy: "Local" },
      [elsewhere],
      [],
      {},
    ],
    [
      "a NodePort without endpoints",
      nodePort,
      [],
      ["unserved_node_ports: tcp . 30080 -> goto refuse"],
      {},
    ],
    [
      "externalTrafficPolicy Local with no endpoint here",
      { ...nodePort, externalTrafficPolicy: "Local" },
      [elsewhere],
      [
        `service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`,
        `node_ports: tcp . 30080 -> goto ${external}`,
        "unserved_node_ports: tcp . 30080 -> drop",
      ],
      {
        [service]: ["meta l4proto tcp dnat ip to 10.244.1.9:8080"],
        [inside]: ["meta l4proto tcp dnat ip to 10.244.1.9:8080"],
        [external]: [
          `ip saddr 10.244.0.0/16 goto ${inside}`,
          `fib saddr type local meta mark set meta mark | 0x4000 goto ${inside}`,
        ],
      },
    ],
    [
      "externalIPs and a NodePort hide the client",
      { ...nodePort, externalIPs: ["198.51.100.7"] },
      [elsewhere],
      [
        `service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`,
        `service_ips: 198.51.100.7 . tcp . 80 -> goto ${external}`,
        `node_ports: tcp . 30080 -> goto ${external}`,
      ],
      {
        [service]: ["meta l4proto tcp dnat ip to 10.244.1.9:8080"],
        [external]: [
          "meta mark set meta mark | 0x4000",
          "meta l4proto tcp dnat ip to 10.244.1.9:8080",
        ],
      },
    ],
    [
      "sessionAffinity remembers each endpoint's clients",
      { ...clusterIp, sessionAffinity: "ClientIP" },
      [elsewhere],
      [`service_ips: 10.96.0.20 . tcp . 80 -> goto ${service}`],
      {
        "endpoint/default/web/tcp/80/10.244.1.9/8080": [
          "update @clients/default/web/tcp/80/10.244.1.9/8080 { ip saddr }",
          "meta l4proto tcp dnat ip to 10.244.1.9:8080",
        ],
        [service]: [
          "ip saddr @clients/default/web/tcp/80/10.244.1.9/8080 goto endpoint/default/web/tcp/80/10.244.1.9/8080",
          "numgen random mod 1 vmap { 0 : goto endpoint/default/web/tcp/80/10.244.1.9/8080 }",
        ],
      },
    ],
  ])("%s", (_, spec, endpoints, elements, chains) => {
    const ruleset = rules(spec, endpoints);
    expect(entries(ruleset)).toEqual(elements);
    expect(Object.fromEntries(ruleset.chains)).toEqual(chains);
  });

  test("a host port leads to its pod; the first pod with the port keeps it", () => {
    const port = { hostIp: undefined, hostPort: 80, containerPort: 8080, protocol: "TCP" as const };
    const ruleset = renderRuleset(
      "kaji",
      node,
      [],
      [
        { ip: "10.244.0.5", hostPorts: [port, { ...port, hostIp: "192.0.2.1" }] },
        { ip: "10.244.0.6", hostPorts: [port] },
      ],
    );
    expect(entries(ruleset)).toEqual([
      "host_ports: tcp . 80 -> goto host/tcp/80/any",
      "hairpin: 10.244.0.5 . 10.244.0.5",
      "host_addresses: 192.0.2.1 . tcp . 80 -> goto host/tcp/80/192.0.2.1",
    ]);
  });

  test("a host port on an address that is not IPv4 is left out, the others stay", () => {
    const port = { hostPort: 80, containerPort: 8080, protocol: "TCP" as const };
    const hostPorts = ["::1", "::", "192.0.2.1"].map((hostIp) => ({ ...port, hostIp }));
    expect(
      entries(renderRuleset("kaji", node, [], [{ ip: "10.244.0.5", hostPorts }])).toSorted(),
    ).toEqual([
      "hairpin: 10.244.0.5 . 10.244.0.5",
      "host_addresses: 192.0.2.1 . tcp . 80 -> goto host/tcp/80/192.0.2.1",
    ]);
  });

  test("without br_netfilter neighbours meet through the gateway's address", () => {
    const bare = renderRuleset("kaji", { ...node, isBridgeFiltered: false }, [], []);
    expect(bare.fixedChains.get("postrouting")).toContain(
      "ct status dnat ip saddr 10.244.0.0/24 ip daddr 10.244.0.0/24 oifname kaji0 snat ip to 10.244.0.1",
    );
  });
});

describe("changes of the table", () => {
  test("a change of endpoints costs its own chain", () => {
    expect(renderChange(rules(clusterIp, [elsewhere]), rules(clusterIp, [elsewhere, a]))).toBe(
      [
        `add chain inet kaji ${service}`,
        `flush chain inet kaji ${service}`,
        `add rule inet kaji ${service} meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.244.0.5 . 8080, 1 : 10.244.1.9 . 8080 }`,
        "add element inet kaji hairpin { 10.244.0.5 . 10.244.0.5 }",
        "",
      ].join("\n"),
    );
  });

  test("a Service that goes takes its elements before its chain", () => {
    expect(renderChange(rules(clusterIp, [elsewhere]), rules(clusterIp, []))).toBe(
      [
        "delete element inet kaji service_ips { 10.96.0.20 . tcp . 80 }",
        `flush chain inet kaji ${service}`,
        `delete chain inet kaji ${service}`,
        "",
      ].join("\n"),
    );
  });

  test("no difference is no text; another node configuration is the whole table", () => {
    const before = rules(nodePort, [a]);
    expect(renderChange(before, rules(nodePort, [a]))).toBe("");
    const moved = renderRuleset("kaji", { ...node, bridge: "other0" }, [], []);
    expect(renderChange(before, moved)).toBe(renderWhole(moved));
  });
});

describe("stale UDP flows", () => {
  const udp = { clusterIP: "10.96.0.20", ports: [{ port: 53, protocol: "UDP" }] };
  test("are those to endpoints that have gone", () => {
    const before = servicePorts(state(udp, [a, b]), "n1");
    const after = servicePorts(state(udp, [b]), "n1");
    expect(staleFlows(before, after)).toEqual([
      { serviceIp: "10.96.0.20", port: 53, endpointIp: "10.244.0.5" },
    ]);
  });
  test("TCP connections end by themselves", () => {
    const before = servicePorts(state(clusterIp, [a]), "n1");
    expect(staleFlows(before, [])).toEqual([]);
  });
});
