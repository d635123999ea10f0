import { createInterface } from "node:readline";
import { systemClock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { createLog, errorChain } from "#kit/log";
import type { AttachRequest, NodeNetworkConfig } from "#node-agent/network/network";
import { createPodNetwork } from "#node-agent/network/pod-network";
import type { PeerNode, ServiceWithEndpoints } from "#node-agent/session/types";

/**
 * A node's network in a process of its own, so that a test can run it inside a network namespace, kill it and
 * start it again. One JSON command a line on stdin, one JSON answer a line on stdout.
 */
export type NodeCommand =
  | { readonly do: "configure"; readonly config: NodeNetworkConfig }
  | { readonly do: "attach"; readonly request: AttachRequest }
  | { readonly do: "release"; readonly uid: string }
  | { readonly do: "attachedPods" | "destroy" | "close" }
  | { readonly do: "peers"; readonly peers: readonly PeerNode[] }
  | { readonly do: "services"; readonly services: readonly ServiceWithEndpoints[] };

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
