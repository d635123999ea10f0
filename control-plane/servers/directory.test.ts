import { describe, expect, test } from "vitest";
import type { Lease } from "#api/schema/types";
import type { InformerChange } from "#client/informer";
import {
  API_ADDRESS,
  GATEWAY_ADDRESS,
  LeaseDirectory,
  SERVER_LEASE_MS,
  serverNamed,
} from "#control-plane/servers/directory";
import type { LiveServer } from "#control-plane/servers/types";
import { ManualClock } from "#test/support/manual-clock";

const self = serverNamed("10.0.0.1:6443", "10.0.0.1:6444");
const other = serverNamed("10.0.0.2:6443", "10.0.0.2:6444");

function leaseOf({ name, apiAddress, gatewayAddress }: LiveServer): Lease {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name,
      namespace: "kube-system",
      annotations: { [API_ADDRESS]: apiAddress, [GATEWAY_ADDRESS]: gatewayAddress },
    },
    spec: {},
  };
}

function bench() {
  const clock = new ManualClock();
  const dead: string[] = [];
  let tell: (change: InformerChange<Lease>) => void = () => undefined;
  const leases = {
    onChange: (handler: typeof tell) => {
      tell = handler;
    },
  };
  const directory = new LeaseDirectory({
    self,
    leases,
    clock,
    onDead: ({ metadata }) => void dead.push(metadata.name),
  });
  let changes = 0;
  directory.onChange(() => {
    changes++;
  });
  return {
    ...{ clock, dead, directory },
    changes: () => changes,
    renewed: (server: LiveServer) => tell({ previous: undefined, current: leaseOf(server) }),
    deleted: (server: LiveServer) => tell({ previous: leaseOf(server), current: undefined }),
  };
}

describe("the directory of servers", () => {
  test("has this server from the start, and others when their lease is seen", () => {
    const { directory, renewed, changes } = bench();
    expect(directory.list()).toEqual([self]);
    renewed(other);
    expect(new Set(directory.list())).toEqual(new Set([self, other]));
    renewed(other);
    expect(changes()).toBe(1);
  });

  test("loses one that gives its lease up at once, and one that is silent when the lease ends", () => {
    const { directory, renewed, deleted, clock, dead } = bench();
    renewed(other);
    deleted(other);
    expect(directory.list()).toEqual([self]);
    renewed(other);
    clock.advance(SERVER_LEASE_MS - 1);
    renewed(self);
    expect(directory.list()).toHaveLength(2);
    clock.advance(1);
    renewed(self);
    expect(directory.list()).toEqual([self]);
    expect(dead).toEqual([other.name]);
  });

  test("calls nobody dead while this server's own renewals do not come back", () => {
    const { directory, renewed, clock, dead } = bench();
    renewed(other);
    clock.advance(10 * SERVER_LEASE_MS);
    expect(directory.list()).toHaveLength(2);
    // The watch goes on: what waited comes in order, the other's renewal among it.
    renewed(other);
    renewed(self);
    expect(directory.list()).toHaveLength(2);
    expect(dead).toEqual([]);
  });

  test("names a server by its address, so that one that starts again is the same", () => {
    expect(serverNamed("10.0.0.1:6443", "10.0.0.1:7000").name).toBe(self.name);
    expect(other.name).not.toBe(self.name);
  });
});
