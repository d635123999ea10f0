import { createInterface } from "node:readline";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { createLog, errorChain } from "#kit/log";
import type { AttachRequest, NodeNetworkConfig } from "#node-agent/network/network";
import { createPodNetwork } from "#node-agent/network/pod-network";
import type { PeerNode, ServiceWithEndpoints } from "#node-agent/session/types";
import type { PolicyEntry } from "#proto/agent";

/**
 * A node's network in a process of its own, so that a test can run it inside a network namespace, kill it and
 * start it again. One JSON command a line on stdin, one JSON answer a line on stdout.
 */
export type NodeCommand =
  | { readonly do: "configure"; readonly config: NodeNetworkConfig }
  | { readonly do: "attach"; readonly request: AttachRequest }
  | { readonly do: "release"; readonly uid: string }
  | { readonly do: "attachedPods" | "destroy" | "close" }
  | { readonly do: "policies"; readonly policies: WirePolicies }
  | { readonly do: "peers"; readonly peers: readonly PeerNode[] }
  | { readonly do: "services"; readonly services: readonly ServiceWithEndpoints[] };

/** Policies as a node is told of them, with the members of each group by its id. */
export interface WirePolicies {
  readonly policies: readonly PolicyEntry[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

const [root = "", ...nameservers] = process.argv.slice(2);
const network = createPodNetwork({
  locations: locationsFor(root),
  clock: systemClock,
  log: createLog({ level: "info" }),
  nameservers: () => nameservers,
});

async function perform(command: NodeCommand): Promise<unknown> {
  switch (command.do) {
    case "configure":
      return network.configure(command.config);
    case "attach":
      return network.attach(command.request);
    case "release":
      return network.release(command.uid);
    case "attachedPods":
      return network.attachedPods();
    case "services": {
      const entries = command.services.map((entry) => {
        const { namespace, name } = entry.service.metadata;
        return [`${namespace}/${name}`, entry] as const;
      });
      return network.syncServices({ services: new Map(entries), changed: [] });
    }
    case "policies": {
      const { policies, groups } = command.policies;
      return network.syncPolicies({
        policies: new Map(policies.map((entry) => [`${entry.namespace}/${entry.name}`, entry])),
        groups: new Map(
          Object.entries(groups).map(([id, members]) => {
            const hasPorts = members.some((one) => one.includes("/"));
            return [id, { hasPorts, members: new Set(members) }];
          }),
        ),
      });
    }
    case "peers":
      return network.syncPeers(new Map(command.peers.map((peer) => [peer.nodeName, peer])));
    case "close":
      return network.close();
    case "destroy":
      return network.destroy();
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await perform(JSON.parse(line) as NodeCommand).then(
    (value) => ({ value: value ?? null }),
    (error: unknown) => ({ error: errorChain(error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
