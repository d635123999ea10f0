import { always, finalRefusal, isRefusal, type Plugin } from "#control-plane/scheduler/framework";
import { claimsOfPod, storageKinds } from "#control-plane/scheduler/plugins/volume-claims";

const REFUSAL = "node(s) had no available volume zone";
const TOPOLOGY_LABELS = [
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
];
/** A label that names several zones: "eu-1a__eu-1b". */
const SEPARATOR = "__";

type Requirement = readonly [key: string, values: readonly string[]];

/** A volume that says by its labels in which zones it is can be used in these alone. */
export const volumeZone: Plugin = {
  name: "VolumeZone",
  prepare({ pod }, view): Requirement[] | undefined {
    const claims = claimsOfPod(pod, view);
    if (!claims || isRefusal(claims)) return undefined;
    const required = claims.bound.flatMap(({ volume }) =>
      TOPOLOGY_LABELS.flatMap((key): Requirement[] => {
        const value = volume.metadata.labels?.[key];
        return value === undefined ? [] : [[key, value.split(SEPARATOR)]];
      }),
    );
    return required.length > 0 ? required : undefined;
  },
  filter(prepared, _pod, { node }) {
    const labels = node.metadata.labels ?? {};
    // A node without such labels is in no zone: of a cluster that knows of none.
    if (!TOPOLOGY_LABELS.some((key) => labels[key] !== undefined)) return undefined;
    const isInside = (prepared as Requirement[]).every(([key, values]) =>
      values.includes(labels[key] ?? ""),
    );
    return isInside ? undefined : finalRefusal(REFUSAL);
  },
  watches: storageKinds,
  retryOn: { nodeAdded: always, nodeChanged: always, objectChanged: always },
};
