import { expect, test } from "vitest";
import { renderGuard } from "#node-agent/network/policy/bridge-guard";
import { withPolicies } from "#node-agent/network/policy/render";
import { renderChange, renderWhole, type Ruleset } from "#node-agent/network/services/ruleset";
import type { PolicyState } from "#node-agent/session/policy-picture";

const empty: Ruleset = {
  table: "kaji",
  maps: new Map(),
  fixedChains: new Map(),
  elements: new Map(),
  learnedSets: new Map(),
  chains: new Map(),
};

function stateOf(members: readonly string[], names = ["web"]): PolicyState {
  return {
    policies: new Map(
      names.map((name) => [
        `blue/${name}`,
        {
          ...{
            namespace: "blue",
            name,
            pods: [{ uid: "a" }, { uid: "b" }],
            restrictsIngress: true,
          },
          ingress: [
            {
              peerGroups: ["g1"],
              blocks: [{ cidr: "192.0.2.7/24", except: ["192.0.2.9/32"] }],
              ports: [
                { protocol: "tcp", first: 80, last: 90 },
                { protocol: "tcp", first: 85, last: 8080 },
                { protocol: "udp", first: 0, last: 65_535 },
              ],
            },
          ],
        },
      ]),
    ),
    groups: new Map([["g1", { hasPorts: false, members: new Set(members) }]]),
  };
}

const ipOf = (uid: string): string => (uid === "a" ? "10.242.0.2" : "10.242.0.3");
const render = (state: PolicyState): Ruleset => withPolicies(empty, "kaji0", state, ipOf);

test("a policy is one chain, and pods with the same policies share the chain that asks them", () => {
  const { chains, elements } = render(stateOf(["10.242.1.5"]));
  expect(
    [...chains].map(([name, rules]) => [name.replace(/[0-9a-f]{16}$/, "CLASS"), rules]),
  ).toEqual([
    [
      "policy/in/blue/web",
      [
        "ip saddr @group/g1 meta l4proto tcp th dport { 80-8080 } accept",
        "ip saddr @group/g1 meta l4proto udp accept",
        "ip saddr 192.0.2.0/24 ip saddr != 192.0.2.9/32 meta l4proto tcp th dport { 80-8080 } accept",
        "ip saddr 192.0.2.0/24 ip saddr != 192.0.2.9/32 meta l4proto udp accept",
      ],
    ],
    ["pods/in/CLASS", ["jump policy/in/blue/web", "drop"]],
  ]);
  expect([...(elements.get("restricted_in")?.keys() ?? [])]).toEqual(["10.242.0.2", "10.242.0.3"]);
  expect(elements.get("restricted_out")?.size).toBe(0);
});

test("an address that joins or leaves a group costs one element", () => {
  const [one, two] = [stateOf(["10.242.1.5"]), stateOf(["10.242.1.5", "10.242.1.6"])].map(render);
  expect(renderChange(one as Ruleset, two as Ruleset)).toBe(
    "add element inet kaji group/g1 { 10.242.1.6 }\n",
  );
  expect(renderChange(two as Ruleset, one as Ruleset)).toBe(
    "delete element inet kaji group/g1 { 10.242.1.6 }\n",
  );
});

test("a group is made before what names it, and removed after it; never by writing the whole table", () => {
  const none = withPolicies(empty, "kaji0", undefined, ipOf);
  const some = render(stateOf(["10.242.1.5"]));
  const coming = renderChange(none, some).split("\n");
  const going = renderChange(some, none).split("\n");
  expect(coming[0]).toBe("add set inet kaji group/g1 { type ipv4_addr; }");
  expect(going.at(-2)).toBe("delete set inet kaji group/g1");
  expect([...coming, ...going].join()).not.toContain("delete table");
  expect(renderWhole(some)).toContain(
    "set group/g1 {\n    type ipv4_addr\n    elements = { 10.242.1.5 }",
  );
});

test("another policy for the same pods changes whom they ask, and no other policy", () => {
  const change = renderChange(render(stateOf([])), render(stateOf([], ["web", "more"])));
  expect(change).toContain("add chain inet kaji policy/in/blue/more");
  expect(change).not.toContain("add chain inet kaji policy/in/blue/web");
});

test("pods speak IPv4 and ARP, each by its own addresses", () => {
  const text = renderGuard("kaji", "kaji", [{ hostInterface: "kaji0123456789", ip: "10.242.0.2" }]);
  expect(text).toContain('elements = { "kaji0123456789" . 0a:58:0a:f2:00:02 . 10.242.0.2 }');
  expect(text).toMatch(
    /ether type != \{ ip, arp \} drop[^]*ip saddr @bound accept[^]*iifname @pods drop/,
  );
});
