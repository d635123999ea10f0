import { keyOf, type KubeObject } from "#api/machinery/meta";
import type { Informer } from "#client/informer";
import { Assignments } from "#control-plane/nodes/assignments";
import type { DesiredInputs, NodeObject } from "#control-plane/nodes/desired-plan";
import { LeavingVolumes } from "#control-plane/nodes/leaving-volumes";
import { TokenKeeper } from "#control-plane/nodes/tokens";
import type { NodeGatewayOptions } from "#control-plane/nodes/types";

export interface DesiredSource {
  readonly inputs: DesiredInputs;
  readonly assignments: Assignments;
  readonly leavingVolumes: LeavingVolumes;
  /** Tokens are minted only for pods of connected nodes. */
  connected(nodeName: string): void;
  disconnected(nodeName: string): void;
  close(): void;
}

export interface Touch {
  isConnected(nodeName: string): boolean;
  /** The node's desired state may have changed. */
  node(nodeName: string): void;
  /** What has this key, such as "Secret/ns/name", has changed: for every node that was told of it. */
  object(key: string): void;
}

const VOLUME_PREFIX = "PersistentVolume//";

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
  const sources: Readonly<Record<string, Informer<NodeObject>>> = {
    ConfigMap: informers.configMaps,
    Secret: informers.secrets,
    PersistentVolumeClaim: informers.persistentVolumeClaims,
    // Cluster-wide: its namespace is empty.
    "PersistentVolume/": informers.persistentVolumes,
  };
  for (const [prefix, source] of Object.entries(sources)) {
    source.onChange(({ previous, current }) =>
      touch.object(`${prefix}/${keyOf((current ?? previous) as KubeObject)}`),
    );
  }
  const leavingVolumes = new LeavingVolumes(informers.persistentVolumes, (nodeName) =>
    touch.node(nodeName),
  );
  return {
    assignments,
    leavingVolumes,
    inputs: {
      leavingVolumes: (nodeName) => leavingVolumes.of(nodeName),
      podsOf: (nodeName) => assignments.podsOf(nodeName),
      token: (key) => tokens.get(key),
      object(key) {
        const isVolume = key.startsWith(VOLUME_PREFIX);
        const end = isVolume ? VOLUME_PREFIX.length : key.indexOf("/") + 1;
        return sources[key.slice(0, end - 1)]?.get(key.slice(end));
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
