import { describe, expect, test } from "vitest";
import { hasBridgeFilter, planBridge } from "#node-agent/network/bridge";
import { CommandFailed } from "#node-agent/network/command";

const wanted = {
  name: "kaji0",
  mac: "02:00:00:00:00:01",
  mtu: 1450,
  addresses: ["10.244.0.1/24", "10.96.0.10/32"],
  serviceCidr: "10.96.0.0/16",
  gateway: "10.244.0.1",
  isFiltered: true,
};
const right = { mtu: 1450, isUp: true, isFiltered: true, addresses: wanted.addresses };
const route = "route replace 10.96.0.0/16 dev lo src 10.244.0.1";

describe("the plan of the bridge", () => {
  test.each([
    [
      "nothing is there",
      undefined,
      [
        "link add name kaji0 address 02:00:00:00:00:01 type bridge",
        "link set dev kaji0 mtu 1450",
        "link set dev kaji0 type bridge nf_call_iptables 1",
        "address add 10.244.0.1/24 dev kaji0",
        "address add 10.96.0.10/32 dev kaji0",
        "link set dev kaji0 up",
        route,
      ],
    ],
    ["all is right", right, [route]],
    ["the uplink has changed", { ...right, mtu: 1500 }, ["link set dev kaji0 mtu 1450", route]],
    [
      "DNS has moved",
      { ...right, addresses: ["10.244.0.1/24", "10.96.0.53/32"] },
      ["address del 10.96.0.53/32 dev kaji0", "address add 10.96.0.10/32 dev kaji0", route],
    ],
    [
      "the node has another range",
      { ...right, addresses: ["10.244.7.1/24", "10.96.0.10/32"] },
      [
        "address del 10.244.7.1/24 dev kaji0",
        "address del 10.96.0.10/32 dev kaji0",
        "address add 10.244.0.1/24 dev kaji0",
        "address add 10.96.0.10/32 dev kaji0",
        route,
      ],
    ],
  ])("when %s", (_, found, lines) => {
    expect(planBridge(found, wanted)).toEqual(lines);
  });
});

describe("whether the rules see what is bridged", () => {
  const answer = (failure: CommandFailed) =>
    hasBridgeFilter(() => Promise.reject(failure), "/proc/sys/net/there-is-none");

  test("is no where the module is not to be had", async () => {
    const absent = new CommandFailed("modprobe br_netfilter failed with 1: not found", false);
    expect(await answer(absent)).toBe(false);
    expect(await answer(new CommandFailed("cannot run modprobe", true))).toBe(false);
  });

  test("is not said when the look was cut short: without policies between neighbours for ever otherwise", async () => {
    const killed = new CommandFailed("modprobe was killed", false, { isCutShort: true });
    await expect(answer(killed)).rejects.toBe(killed);
  });
});
