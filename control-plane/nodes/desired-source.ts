import { keyOf } from "#api/machinery/meta";
import type { ConfigMap, Secret } from "#api/schema/types";
import { Assignments } from "#control-plane/nodes/assignments";
import type { DesiredInputs } from "#control-plane/nodes/desired-plan";
import { TokenKeeper } from "#control-plane/nodes/tokens";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";

export interface DesiredSource {
  readonly inputs: DesiredInputs;
  readonly assignments: Assignments;
  /** Tokens are minted only for pods of connected nodes. */
  connected(nodeName: string): void;
  disconnected(nodeName: string): void;
  close(): void;
}

export interface Touch {
  isConnected(nodeName: string): boolean;
  /** The node's desired state may have changed. */
  node(nodeName: string): void;
  /** "ConfigMap/ns/name" or "Secret/ns/name" has changed: for every node that was told of it. */
  object(key: string): void;
}

/** Joins the informers and the tokens into what the planner reads, and says whose plan may have changed. */
export function createDesiredSource(options: NodeGatewayOptions, touch: Touch): DesiredSource {
  const { clock, informers, log } = options;
  const tokens = new TokenKeeper({
    clock,
    log,
    mint: (request) => options.mintToken(request),
    onToken: (pod) => touch.node(pod.spec.nodeName ?? ""),
  });
  const assignments = new Assignments(informers.pods, (nodeName, { pod, isRemoved }) => {
    if (isRemoved) tokens.drop(pod);
    else if (touch.isConnected(nodeName)) tokens.keep(pod);
    touch.node(nodeName);
  });
  informers.configMaps.onChange(({ previous, current }) =>
    touch.object(`ConfigMap/${keyOf((current ?? previous) as ConfigMap)}`),
  );
  informers.secrets.onChange(({ previous, current }) =>
    touch.object(`Secret/${keyOf((current ?? previous) as Secret)}`),
  );
  return {
    assignments,
    inputs: {
      podsOf: (nodeName) => assignments.podsOf(nodeName),
      token: (key) => tokens.get(key),
      object(key) {
        const name = key.slice(key.indexOf("/") + 1);
        return key.startsWith("Secret/")
          ? informers.secrets.get(name)
          : informers.configMaps.get(name);
      },
    },
    connected(nodeName) {
      for (const pod of assignments.podsOf(nodeName)) tokens.keep(pod);
    },
    disconnected(nodeName) {
      for (const pod of assignments.podsOf(nodeName)) tokens.drop(pod);
    },
    close: () => tokens.close(),
  };
}
