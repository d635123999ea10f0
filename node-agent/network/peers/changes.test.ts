import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  nothing,
  type RoutingState,
  planChanges,
  stateOf,
} from "#node-agent/network/peers/changes";
import type { PeerPlan, TunnelDevice } from "#node-agent/network/peers/plan";

const device: TunnelDevice = {
  name: "kaji-vx",
  id: 9_000_000,
  port: 8472,
  local: "192.0.2.1",
  mac: "02:6b:c0:00:02:01",
  mtu: 1450,
  address: "10.244.1.1/32",
};
const nobody = { destination: "10.244.0.0/16", next: undefined };
const direct = { destination: "10.244.2.0/24", next: { via: "192.0.2.2", device: "eth0" } };
const far = { destination: "10.244.3.0/24", next: { via: "10.244.3.1", device: "kaji-vx" } };
const end = { host: "198.51.100.3", gateway: "10.244.3.1", mac: "02:6b:c6:33:64:03" };
const both: PeerPlan = { routes: [nobody, direct, far], tunnel: { device, ends: [end] } };
const directOnly: PeerPlan = { routes: [nobody, direct], tunnel: undefined };

describe("what is changed in the kernel", () => {
  test("is everything at first, in an order in which each line can be done", () => {
    expect(planChanges(nothing, stateOf(both))).toEqual({
      ip: [
        "link add name kaji-vx address 02:6b:c0:00:02:01 mtu 1450 type vxlan id 9000000 dstport 8472 local 192.0.2.1 nolearning",
        "address add 10.244.1.1/32 dev kaji-vx",
        "link set dev kaji-vx up",
        "neigh replace 10.244.3.1 lladdr 02:6b:c6:33:64:03 dev kaji-vx nud permanent",
        "route replace unreachable 10.244.0.0/16 proto 75 metric 4278198272",
        "route replace 10.244.2.0/24 via 192.0.2.2 dev eth0 proto 75",
        "route replace 10.244.3.0/24 via 10.244.3.1 dev kaji-vx proto 75 onlink",
      ],
      bridge: ["fdb replace 02:6b:c6:33:64:03 dev kaji-vx dst 198.51.100.3 self permanent"],
    });
  });

  test("is nothing when all is as it should be", () => {
    expect(planChanges(stateOf(both), stateOf(both))).toEqual({ ip: [], bridge: [] });
  });

  test("is a peer's own lines when one leaves", () => {
    const second = {
      ...end,
      gateway: "10.244.4.1",
      host: "198.51.100.4",
      mac: "02:6b:c6:33:64:04",
    };
    const more = { destination: "10.244.4.0/24", next: { via: "10.244.4.1", device: "kaji-vx" } };
    const routes = [...both.routes, more];
    const plan = { routes, tunnel: { device, ends: [end, second] } };
    expect(planChanges(stateOf(plan), stateOf(both))).toEqual({
      ip: [
        "route del 10.244.4.0/24 via 10.244.4.1 dev kaji-vx proto 75",
        "neigh del 10.244.4.1 dev kaji-vx",
      ],
      bridge: ["fdb del 02:6b:c6:33:64:04 dev kaji-vx dst 198.51.100.4"],
    });
  });

  test("is the whole tunnel with its routes when this node has another address", () => {
    const moved = { ...device, local: "192.0.2.9", mac: "02:6b:c0:00:02:09" };
    const wanted = stateOf({ ...both, tunnel: { device: moved, ends: [end] } });
    const { ip, bridge } = planChanges(stateOf(both), wanted);
    expect(ip[0]).toBe("link del dev kaji-vx");
    expect(ip).toContain("route replace 10.244.3.0/24 via 10.244.3.1 dev kaji-vx proto 75 onlink");
    expect(ip.join()).not.toContain("eth0");
    expect(bridge).toHaveLength(1);
  });

  test("is the end of the tunnel when the last node behind it leaves", () => {
    expect(planChanges(stateOf(both), stateOf(directOnly))).toEqual({
      ip: ["link del dev kaji-vx"],
      bridge: [],
    });
  });

  test("is undone by what leads to nothing", () => {
    expect(planChanges(stateOf(both), nothing).ip).toEqual([
      "route del unreachable 10.244.0.0/16 proto 75 metric 4278198272",
      "route del 10.244.2.0/24 via 192.0.2.2 dev eth0 proto 75",
      "link del dev kaji-vx",
    ]);
  });

  test("leads from any state to any other", () => {
    const anyPlan = fc.record({
      hasDirect: fc.boolean(),
      hasFar: fc.boolean(),
      mtu: fc.constantFrom(1450, 8950),
    });
    const planOf = ({
      hasDirect,
      hasFar,
      mtu,
    }: {
      hasDirect: boolean;
      hasFar: boolean;
      mtu: number;
    }) =>
      stateOf({
        routes: [...(hasDirect ? [direct] : []), ...(hasFar ? [far] : [])],
        tunnel: hasFar ? { device: { ...device, mtu }, ends: [end] } : undefined,
      });
    fc.assert(
      fc.property(anyPlan, anyPlan, (a, b) => {
        const [from, to] = [planOf(a), planOf(b)];
        expect(kernelAfter(from, planChanges(from, to).ip)).toEqual(
          new Set([...to.routes.keys(), ...(to.device ? [to.device.name] : [])]),
        );
      }),
    );
  });
});

/** Which routes and interfaces are there after these lines; routes go with their interface. */
function kernelAfter(state: RoutingState, lines: readonly string[]): Set<string> {
  const routes = new Map([...state.routes].map(([to, { next }]) => [to, next?.device]));
  const devices = new Set(state.device ? [state.device.name] : []);
  for (const line of lines) {
    const [object, verb, ...rest] = line.split(" ");
    const name = rest.at(rest.indexOf("name") + 1) ?? "";
    const dev = rest.at(rest.indexOf("dev") + 1) ?? "";
    if (object === "link" && verb === "add") devices.add(name);
    if (object === "link" && verb === "del") {
      devices.delete(dev);
      for (const [to, device] of routes) if (device === dev) routes.delete(to);
    }
    if (object === "route" && verb === "replace") routes.set(rest[0] ?? "", dev);
    if (object === "route" && verb === "del") routes.delete(rest[0] ?? "");
  }
  return new Set([...routes.keys(), ...devices]);
}
