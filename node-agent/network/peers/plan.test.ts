import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIpv4 } from "#kit/ipv4";
import {
  type LinkAddress,
  type OwnNode,
  planPeers,
  tunnelId,
  tunnelMac,
} from "#node-agent/network/peers/plan";
import type { PeerNode } from "#node-agent/session/types";

const own: OwnNode = {
  nodeIp: "192.0.2.1",
  podCidr: "10.244.1.0/24",
  clusterPodCidr: "10.244.0.0/16",
  bridge: "kaji0",
  tunnelName: "kaji-vx",
  tunnel: { use: "auto", port: 8472 },
  underlayMtu: 1500,
};
const eth0: LinkAddress = { device: "eth0", cidr: "192.0.2.1/24", isBroadcast: true };
const bridge: LinkAddress = { device: "kaji0", cidr: "10.244.1.1/24", isBroadcast: true };
const nobody = { destination: "10.244.0.0/16", next: undefined };

function peer(nodeName: string, internalIp: string, podCidr: string): PeerNode {
  return { nodeName, internalIp, podCidr };
}

describe("the way to the pods of other nodes", () => {
  test("is a direct route to a node on a link of ours", () => {
    const plan = planPeers(own, [peer("b", "192.0.2.2", "10.244.2.0/24")], [eth0, bridge]);
    const next = { via: "192.0.2.2", device: "eth0" };
    expect(plan.routes).toEqual([nobody, { destination: "10.244.2.0/24", next }]);
    expect(plan.tunnel).toBeUndefined();
  });

  test("is the tunnel to a node behind a router", () => {
    const plan = planPeers(own, [peer("c", "198.51.100.3", "10.244.3.0/24")], [eth0, bridge]);
    const next = { via: "10.244.3.1", device: "kaji-vx" };
    expect(plan.routes).toEqual([nobody, { destination: "10.244.3.0/24", next }]);
    expect(plan.tunnel?.ends).toEqual([
      { host: "198.51.100.3", gateway: "10.244.3.1", mac: "02:6b:c6:33:64:03" },
    ]);
    expect(plan.tunnel?.device).toMatchObject({
      local: "192.0.2.1",
      mac: "02:6b:c0:00:02:01",
      mtu: 1450,
      address: "10.244.1.1/32",
    });
  });

  test("is the tunnel to every node where the network between carries no pod addresses", () => {
    const tunnel = { use: "always", port: 4789 } as const;
    const plan = planPeers({ ...own, tunnel }, [peer("b", "192.0.2.2", "10.244.2.0/24")], [eth0]);
    expect(plan.routes.at(-1)?.next).toEqual({ via: "10.244.2.1", device: "kaji-vx" });
    expect(plan.tunnel?.device.port).toBe(4789);
  });

  test("is by the link with the smallest subnet, and never by one without neighbours", () => {
    const links = [
      { device: "wide", cidr: "192.0.0.1/16", isBroadcast: true },
      eth0,
      { device: "wg0", cidr: "192.0.2.1/28", isBroadcast: false },
    ];
    const { routes } = planPeers(own, [peer("b", "192.0.2.2", "10.244.2.0/24")], links);
    expect(routes.at(-1)?.next?.device).toBe("eth0");
  });

  test("is nothing to a node whose words make no sense, or that is on this host", () => {
    const strange = [
      peer("itself", "192.0.2.1", "10.244.1.0/24"),
      peer("same-host", "192.0.2.1", "10.244.9.0/24"),
      peer("loopback", "127.0.0.1", "10.244.2.0/24"),
      peer("no-address", "", "10.244.2.0/24"),
      peer("ipv6", "2001:db8::1", "10.244.2.0/24"),
      peer("outside", "192.0.2.2", "10.0.0.0/24"),
      peer("everything", "192.0.2.2", "10.244.0.0/16"),
      peer("ours", "192.0.2.2", "10.244.1.0/24"),
      peer("no-range", "192.0.2.2", ""),
      peer("words", "192.0.2.2", "10.244.2.0/24; reboot"),
    ];
    expect(planPeers(own, strange, [eth0, bridge])).toEqual({ routes: [], tunnel: undefined });
  });

  test("leads to the first by name of two that claim one range", () => {
    const claims = [
      peer("z", "192.0.2.9", "10.244.2.0/24"),
      peer("b", "192.0.2.2", "10.244.2.0/24"),
    ];
    const { routes } = planPeers(own, claims, [eth0]);
    expect(routes.map(({ next }) => next?.via)).toEqual([undefined, "192.0.2.2"]);
  });

  test("does not depend on the order in which the nodes are told", () => {
    const anyPeer = fc.record({
      nodeName: fc.constantFrom("a", "b", "c", "d", "e"),
      internalIp: fc.constantFrom("192.0.2.2", "192.0.2.3", "198.51.100.1", "203.0.113.1"),
      podCidr: fc.constantFrom("10.244.2.0/24", "10.244.3.0/24", "10.244.4.0/24"),
    });
    const anyPeers = fc.uniqueArray(anyPeer, { selector: ({ nodeName }) => nodeName });
    fc.assert(
      fc.property(anyPeers, (peers) => {
        const forward = planPeers(own, peers, [eth0, bridge]);
        expect(planPeers(own, [...peers].reverse(), [eth0, bridge])).toEqual(forward);
        const destinations = forward.routes.map(({ destination }) => destination);
        expect(new Set(destinations).size).toBe(destinations.length);
      }),
    );
  });

  test("has an address of its own for every node, and a number of its own for a cluster", () => {
    const anyIp = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(formatIpv4);
    fc.assert(
      fc.property(anyIp, anyIp, (a, b) => {
        expect(tunnelMac(a) === tunnelMac(b)).toBe(a === b);
        const id = tunnelId(`${a}/16`);
        expect(id >= 0x800000 && id < 2 ** 24).toBe(true);
      }),
    );
    expect(tunnelId("10.244.0.0/16")).not.toBe(tunnelId("10.245.0.0/16"));
  });
});
