import type { NodeNetworkConfig, PodAddress, PodNetwork } from "#node-agent/network/network";

/** A PodNetwork that only keeps the books: every pod gets its own address of 127.0.0.0/8, nothing is wired. */
export interface MemoryNetwork extends PodNetwork {
  readonly released: readonly string[];
  readonly config: NodeNetworkConfig | undefined;
}

export function createMemoryNetwork(): MemoryNetwork {
  const addresses = new Map<string, PodAddress>();
  const released: string[] = [];
  let config: NodeNetworkConfig | undefined;
  let next = 2;
  return {
    released,
    get config() {
      return config;
    },
    async configure(wanted) {
      config = wanted;
    },
    async attach({ uid }) {
      const known = addresses.get(uid);
      if (known) return known;
      const ip = `127.8.0.${next++}`;
      const network = {
        bridge: "memory0",
        hostInterface: `veth${next}`,
        address: `${ip}/24`,
        gateway: "127.8.0.1",
        mtu: 1500,
      };
      const address: PodAddress = { ip, network };
      addresses.set(uid, address);
      return address;
    },
    async release(uid) {
      if (addresses.delete(uid)) released.push(uid);
    },
    attachedPods: () => [...addresses.keys()],
    async syncServices() {},
    async syncPolicies() {},
    async syncPeers() {},
    async close() {},
    async destroy() {
      addresses.clear();
    },
  };
}
