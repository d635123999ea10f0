import { type StrategySetting, strategySettings } from "#api/kinds/deployment-strategy";

/** Every name of kaji.dev that is written on objects. test/tidy holds it equal to what stands in the code. */
export interface Marker {
  readonly name: string;
  readonly form: "annotation" | "label" | "finalizer" | "condition" | "extension" | "provisioner";
  /** What it stands on. */
  readonly on: string;
  readonly by: "you" | "Kaji" | "both";
  readonly meaning: string;
}

const row = (
  name: string,
  form: Marker["form"],
  on: string,
  by: Marker["by"],
  meaning: string,
): Marker => ({ name: `kaji.dev/${name}`, form, on, by, meaning });

/** What the settings of `kaji.dev/strategy` say; their values come from the code. */
const strategyMeanings: Readonly<Record<StrategySetting, string>> = {
  "auto-rollback": "Whether a bad version goes back by itself",
  "blue-green-hold-seconds": "How long both versions stand before the switch",
  "canary-pause-seconds": "How long each step of a canary lasts",
  "canary-steps": "Percent of the requests that the new version gets, step by step",
  "keep-old-seconds": "How long the old version stands after the switch",
  "max-error-increase": "Percentage points more of its requests that may fail (5xx)",
  "max-latency-increase": "Percent by which its 95th percentile may be slower",
  "max-restarts": "Restarts of its containers that are still tolerated",
  "min-latency-increase-ms": "Milliseconds by which it must be slower, too, to be judged bad",
  "min-requests": "Requests that a verdict needs",
  "mirror-percent": "Percent of the requests that are copied",
  "mirror-seconds": "How long they are copied before the switch",
  promotion: "Whether a step waits for `kaji.dev/promote`",
};

const strategyMarkers = Object.entries(strategyMeanings).map(([name, meaning]) => {
  const values = strategySettings[name as StrategySetting];
  return row(name, "annotation", "Deployment", "you", `${meaning} (${values}).`);
});

export const markers: readonly Marker[] = [
  row("Rollout", "condition", "Deployment", "Kaji", "How a deployment by strategy stands."),
  row("Waiting", "condition", "PersistentVolumeClaim", "Kaji", "What the claim waits for."),
  row(
    "abort",
    "annotation",
    "Deployment",
    "both",
    "The roll-out that is to go back (`kaji rollout abort`).",
  ),
  row("api-address", "annotation", "Lease", "Kaji", "Where a server's API is reached."),
  row(
    "backoff-ms",
    "annotation",
    "container (runtime)",
    "Kaji",
    "How long its restart had to wait.",
  ),
  row("component", "label", "Lease", "Kaji", "Which part of Kaji the lease is of."),
  row(
    "config-hash",
    "label",
    "Pod, ConfigMap and Secret copies",
    "Kaji",
    "The configuration that the pods read.",
  ),
  row(
    "config-seen",
    "annotation",
    "Deployment",
    "Kaji",
    "The configuration that was rolled out, or tried, last.",
  ),
  row(
    "copy-of",
    "annotation",
    "ConfigMap, Secret",
    "Kaji",
    "Which one this is a copy of, for an old version's pods.",
  ),
  row(
    "depends-on",
    "annotation",
    "any object of a release",
    "you",
    "`KIND/NAME, ...`: what must be ready before it is applied.",
  ),
  row(
    "drain-timeout-seconds",
    "annotation",
    "Pod",
    "you",
    "The longest wait for the requests of a pod that goes (default 30).",
  ),
  row(
    "fair-share-tenant",
    "annotation",
    "Namespace",
    "you",
    "Whose it is, for shares of the cluster (default: its own name).",
  ),
  row(
    "fair-share-weight",
    "annotation",
    "Namespace",
    "you",
    "How much of the cluster its tenant should have; turns fair sharing on.",
  ),
  row(
    "gateway",
    "annotation",
    "Lease of a node",
    "Kaji",
    "The server that the node is connected to.",
  ),
  row(
    "gateway-address",
    "annotation",
    "Lease of a server",
    "Kaji",
    "Where nodes reach the server.",
  ),
  row(
    "ingress",
    "label",
    "TrafficReport; ingress nodes, as NetworkPolicies name them",
    "both",
    "Which ingress it is; also the controller that an IngressClass names.",
  ),
  row(
    "ingress-address",
    "annotation",
    "Lease of an ingress",
    "Kaji",
    "What Ingresses show as the place where they are reached.",
  ),
  row(
    "limit-status-code",
    "annotation",
    "Ingress",
    "you",
    "What a limited request is answered (default 503).",
  ),
  row(
    "local-path",
    "provisioner",
    "StorageClass",
    "Kaji",
    "Makes volumes that are directories on nodes.",
  ),
  row(
    "local-path-directory",
    "finalizer",
    "PersistentVolume",
    "Kaji",
    "Its directory may still be there; the node's agent takes it away.",
  ),
  row("node", "annotation", "PersistentVolume", "Kaji", "The node whose disk has its directory."),
  row("pod-group", "label", "Pod", "you", "Which pods are placed together or not at all."),
  row("pod-group-min-available", "annotation", "Pod", "you", "How many of the group are needed."),
  row(
    "pod-group-timeout-seconds",
    "annotation",
    "Pod",
    "you",
    "How long placed pods of the group wait for the rest.",
  ),
  row(
    "promote",
    "annotation",
    "Deployment",
    "both",
    "The roll-out that may go on (`kaji rollout promote`).",
  ),
  row(
    "prune",
    "annotation",
    "any object of a release",
    "you",
    "`false`: stays when no revision has it any more.",
  ),
  row("rebalance", "annotation", "Pod", "you", "`false`: the rebalancer leaves it where it is."),
  row("release", "annotation", "objects of a release", "Kaji", "`namespace/name` of the release."),
  row(
    "release-heartbeat",
    "annotation",
    "Secret of a revision",
    "Kaji",
    "Shows that a deploy is at work.",
  ),
  row("release-holder", "annotation", "Secret of a revision", "Kaji", "Who deploys."),
  row("release-name", "label", "Secret of a revision", "Kaji", "Which release it is of."),
  row("release-reason", "annotation", "Secret of a revision", "Kaji", "Why it ended as it did."),
  row("release-revision", "label", "Secret of a revision", "Kaji", "Its number."),
  row("release-start-time", "annotation", "Secret of a revision", "Kaji", "When its deploy began."),
  row(
    "release-status",
    "label",
    "Secret of a revision",
    "Kaji",
    "Where it stands: deployed, superseded, failed.",
  ),
  row(
    "rendered",
    "annotation",
    "first Namespace of a tenant",
    "Kaji",
    "A fingerprint of what was made for the tenant.",
  ),
  row(
    "replace",
    "annotation",
    "Job of a release",
    "you",
    "`true`: a changed one is deleted and made again.",
  ),
  row(
    "resources",
    "annotation",
    "container (runtime)",
    "Kaji",
    "What was set aside for it when it was made.",
  ),
  row(
    "rollout-on-config-change",
    "annotation",
    "Deployment",
    "you",
    "`true`: a change of a ConfigMap or Secret that it reads is a new version.",
  ),
  row("rollout-state", "annotation", "Deployment", "Kaji", "Which step of its strategy it is at."),
  row("runtime-handler", "annotation", "Pod", "Kaji", "The handler of its RuntimeClass."),
  row(
    "servers",
    "extension",
    "kubeconfig",
    "Kaji",
    "All servers of the cluster; kubectl passes over it.",
  ),
  row(
    "skipped-schedule",
    "annotation",
    "CronJob",
    "Kaji",
    "The last time that was left out, so that it is said once.",
  ),
  row(
    "strategy",
    "annotation",
    "Deployment",
    "you",
    "How new versions come: rolling, canary, blue-green or mirror ([deploys](../deploys.md)).",
  ),
  row(
    "suspended-replicas",
    "annotation",
    "workload of a suspended tenant",
    "Kaji",
    "How many replicas come back.",
  ),
  row("tenant", "label", "what belongs to a tenant; also its finalizer", "Kaji", "Whose it is."),
  row(
    "tenant-wide",
    "label",
    "ResourceQuota",
    "Kaji",
    "Counts all namespaces of the tenant together.",
  ),
  row(
    "traffic",
    "annotation",
    "Deployment",
    "Kaji",
    "Which version gets which share of the requests.",
  ),
  row("unreadable", "annotation", "Secret", "Kaji", "Why its stored value cannot be decrypted."),
  row("vertical-least", "annotation", "workload", "you", "The least that vertical scaling sets."),
  row("vertical-most", "annotation", "workload", "you", "The most that vertical scaling sets."),
  row(
    "vertical-scaling",
    "annotation",
    "workload",
    "you",
    "`in-place`: its pods are resized as they need, without a restart.",
  ),
  row(
    "vertical-status",
    "annotation",
    "workload",
    "Kaji",
    "Why vertical scaling is not as it should be.",
  ),
  row(
    "volumes-path",
    "annotation",
    "Node",
    "Kaji",
    "The directory that holds its local-path volumes.",
  ),
  ...strategyMarkers,
].toSorted((a, b) => a.name.localeCompare(b.name));
