import { beforeEach, describe, expect, test } from "vitest";
import { silentLog } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { createPeerKeeper, type PeerKeeper } from "#node-agent/network/peers/peer-keeper";
import type { OwnNode } from "#node-agent/network/peers/plan";
import type { PeerNode } from "#node-agent/session/types";
import { eventually } from "#test/support/host";
import { createVirtualClock, type VirtualClock } from "#test/support/virtual-clock";

const own: OwnNode = {
  nodeIp: "192.0.2.1",
  podCidr: "10.244.1.0/24",
  clusterPodCidr: "10.244.0.0/16",
  bridge: "kaji0",
  tunnelName: "kaji-vx",
  tunnel: { use: "auto", port: 8472 },
  underlayMtu: 1500,
};

/** Routes of a host with one link, as `ip` shows and changes them. */
class RouteTable {
  readonly routes = new Map<string, { gateway: string; dev: string }>();
  readonly batches: string[] = [];
  looks = 0;
  isDown = false;

  readonly run: RunCommand = async (argv, stdin = "") => {
    const command = argv.join(" ");
    if (command.includes("-batch")) return this.perform(stdin);
    if (command.includes("address show up")) return JSON.stringify([eth0]);
    if (!command.includes("route show")) return "[]";
    this.looks++;
    return JSON.stringify([...this.routes].map(([dst, route]) => ({ dst, ...route })));
  };

  private perform(lines: string): string {
    this.batches.push(lines.trim());
    if (this.isDown)
      throw new CommandFailed("ip -force -batch - failed with 1: Network is down", false);
    for (const line of lines.trim().split("\n")) {
      const [, verb, dst = "", , gateway = "", , dev = ""] = line.split(" ");
      if (dst === "unreachable") continue;
      if (verb === "replace") this.routes.set(dst, { gateway, dev });
      else if (!this.routes.delete(dst)) throw new CommandFailed("No such process", false);
    }
    return "";
  }
}

const eth0 = {
  ifname: "eth0",
  mtu: 1500,
  flags: ["BROADCAST", "UP"],
  addr_info: [{ family: "inet", local: "192.0.2.1", prefixlen: 24 }],
};

function peersOf(...octets: number[]): Map<string, PeerNode> {
  return new Map(
    [1, ...octets].map((octet) => {
      const nodeName = `n${octet}`;
      return [
        nodeName,
        { nodeName, internalIp: `192.0.2.${octet}`, podCidr: `10.244.${octet}.0/24` },
      ];
    }),
  );
}

describe("the keeper of routes to other nodes", () => {
  let kernel: RouteTable;
  let clock: VirtualClock;
  let keeper: PeerKeeper;

  beforeEach(() => {
    kernel = new RouteTable();
    clock = createVirtualClock();
    keeper = createPeerKeeper(kernel.run, clock, silentLog);
  });

  test("asks the kernel once, and then a change costs its own lines", async () => {
    await keeper.apply({ own, peers: peersOf(2, 3) });
    await keeper.apply({ own, peers: peersOf(2, 3, 4) });
    expect([...kernel.routes.keys()]).toEqual(["10.244.2.0/24", "10.244.3.0/24", "10.244.4.0/24"]);
    expect(kernel.looks).toBe(1);
    expect(kernel.batches.at(-1)).toBe(
      "route replace 10.244.4.0/24 via 192.0.2.4 dev eth0 proto 75",
    );
  });

  test("finds the routes of an agent before it, keeps those that are right and removes the others", async () => {
    kernel.routes.set("10.244.2.0/24", { gateway: "192.0.2.2", dev: "eth0" });
    kernel.routes.set("10.244.9.0/24", { gateway: "192.0.2.9", dev: "eth0" });
    kernel.routes.set("10.99.0.0/24", { gateway: "192.0.2.9", dev: "eth0" });
    await keeper.apply({ own, peers: peersOf(2) });
    expect([...kernel.routes.keys()]).toEqual(["10.244.2.0/24", "10.99.0.0/24"]);
    expect(kernel.batches.join()).not.toContain("10.244.2.0");
  });

  test("puts back what was lost at the next check, or at once in doubt", async () => {
    await keeper.apply({ own, peers: peersOf(2) });
    kernel.routes.clear();
    await clock.advance(15_000);
    await eventually("the route is there", () => kernel.routes.has("10.244.2.0/24"));
    kernel.routes.clear();
    keeper.doubt();
    await keeper.apply({ own, peers: peersOf(2) });
    expect([...kernel.routes.keys()]).toEqual(["10.244.2.0/24"]);
  });

  test("looks again when the kernel is not as it was left", async () => {
    await keeper.apply({ own, peers: peersOf(2, 3) });
    kernel.routes.clear();
    await keeper.apply({ own, peers: peersOf(2) });
    expect([...kernel.routes.keys()]).toEqual(["10.244.2.0/24"]);
    expect(kernel.looks).toBe(2);
  });

  test("says what failed, and tries again", async () => {
    kernel.isDown = true;
    await expect(keeper.apply({ own, peers: peersOf(2) })).rejects.toThrow(
      "the routes to the pods of other nodes are not as they should be",
    );
    kernel.isDown = false;
    await clock.advance(15_000);
    await eventually("the route is there", () => kernel.routes.has("10.244.2.0/24"));
  });

  test("takes the last peer's routes away in the end, though that failed at first", async () => {
    await keeper.apply({ own, peers: peersOf(2) });
    kernel.isDown = true;
    await expect(keeper.apply({ own, peers: peersOf() })).rejects.toThrow("not as they should be");
    kernel.isDown = false;
    await clock.advance(15_000);
    await eventually("the route is gone", () => kernel.routes.size === 0);
    const { looks } = kernel;
    await clock.advance(600_000);
    expect(kernel.looks).toBe(looks);
  });

  test("leaves a node without peers alone", async () => {
    await keeper.apply({ own, peers: peersOf() });
    await clock.advance(600_000);
    expect(kernel.looks).toBe(1);
    expect(kernel.batches).toEqual([]);
  });
});
