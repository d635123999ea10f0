import { describe, expect, test } from "vitest";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { persistentVolumeClaimKind } from "#api/kinds/persistent-volume-claim";
import { storageClassKind } from "#api/kinds/storage-class";
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from "#api/schema/types";
import { BIND_COMPLETED, NO_PROVISIONER, SELECTED_NODE } from "#api/storage/names";
import { isRefusal, type Plugin } from "#control-plane/scheduler/framework";
import { nodeVolumeLimits } from "#control-plane/scheduler/plugins/node-volume-limits";
import { volumeBinding } from "#control-plane/scheduler/plugins/volume-binding";
import { volumeRestrictions } from "#control-plane/scheduler/plugins/volume-restrictions";
import { volumeZone } from "#control-plane/scheduler/plugins/volume-zone";
import { toPlace } from "#control-plane/scheduler/signature";
import { Snapshot } from "#control-plane/scheduler/snapshot";
import { viewOf } from "#test/support/scheduling";
import { affinityTo, claimOf, classOf, storageNode, volumeOf } from "#test/support/storage";
import { pod } from "#test/support/workloads";

interface World {
  readonly nodes?: readonly Node[];
  readonly claims?: readonly PersistentVolumeClaim[];
  readonly volumes?: readonly PersistentVolume[];
  readonly classes?: readonly StorageClass[];
  readonly pods?: readonly Pod[];
}

function view({ nodes = [storageNode("a"), storageNode("b")], ...world }: World) {
  const snapshot = new Snapshot();
  for (const one of nodes) snapshot.setNode(one);
  for (const one of world.pods ?? []) snapshot.setPod(one);
  return viewOf(snapshot, [
    [persistentVolumeClaimKind, world.claims ?? []],
    [persistentVolumeKind, world.volumes ?? []],
    [storageClassKind, world.classes ?? []],
  ]);
}

function using(name: string, ...claimNames: string[]): Pod {
  const volumes = claimNames.map((claimName) => ({
    name: claimName,
    persistentVolumeClaim: { claimName },
  }));
  return pod(name, { spec: { volumes } });
}

/** "a: ok, b: sentence": what the plugin says of each node, or one sentence for all. */
function verdicts(plugin: Plugin, candidate: Pod, world: World): string {
  const seen = view(world);
  const place = toPlace(candidate);
  const prepared = plugin.prepare?.(place, seen);
  if (prepared === undefined) return "ok";
  if (isRefusal(prepared)) return prepared.reasons.join(", ");
  return seen.snapshot.nodes
    .map((node) => {
      const refused = plugin.filter?.(prepared, place, node);
      return `${node.name}: ${refused?.reasons.join(", ") ?? "ok"}`;
    })
    .join("; ");
}

const bound = (name: string, more: Partial<PersistentVolumeClaim["spec"]> = {}) => {
  const claim = claimOf(name, { volumeName: `pv-${name}`, ...more });
  claim.metadata.annotations = { [BIND_COMPLETED]: "yes" };
  claim.status = { phase: "Bound" };
  return claim;
};

describe("VolumeBinding", () => {
  const delayed = (name: string, storage?: string) =>
    claimOf(name, { storageClassName: "late" }, storage);
  const late = classOf("late");
  const byHand = classOf("late", { provisioner: NO_PROVISIONER });
  const onB = (name: string, storage?: string) =>
    volumeOf(name, { storageClassName: "late", nodeAffinity: affinityTo("b") }, storage);

  test.each<[string, Pod, World, string]>([
    ["leaves a pod without claims alone", pod("p"), {}, "ok"],
    ["names a missing claim", using("p", "x"), {}, 'persistentvolumeclaim "x" not found'],
    [
      "waits for the controller of ephemeral volumes",
      pod("p", {
        spec: { volumes: [{ name: "v", ephemeral: { volumeClaimTemplate: { spec: {} } } }] },
      }),
      {},
      'waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v"',
    ],
    [
      "does not take an ephemeral volume's claim that is another's",
      pod("p", {
        spec: { volumes: [{ name: "v", ephemeral: { volumeClaimTemplate: { spec: {} } } }] },
      }),
      { claims: [claimOf("p-v")] },
      "PVC default/p-v was not created for pod default/p (pod is not owner)",
    ],
    [
      "waits for a claim that is bound at once",
      using("p", "x"),
      { claims: [claimOf("x", { storageClassName: "" })] },
      "pod has unbound immediate PersistentVolumeClaims",
    ],
    [
      "goes where the bound volume is",
      using("p", "x"),
      { claims: [bound("x")], volumes: [volumeOf("pv-x", { nodeAffinity: affinityTo("b") })] },
      "a: node(s) had volume node affinity conflict; b: ok",
    ],
    [
      "says that the volume is gone",
      using("p", "x"),
      { claims: [bound("x")] },
      "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
    ],
    [
      "takes any node when the volume is to be made",
      using("p", "x"),
      { claims: [delayed("x")], classes: [late] },
      "a: ok; b: ok",
    ],
    [
      "goes where there is a free volume that nobody makes",
      using("p", "x"),
      { claims: [delayed("x")], classes: [byHand], volumes: [onB("pv")] },
      "a: node(s) didn't find available persistent volumes to bind; b: ok",
    ],
    [
      "does not count one volume for two claims",
      using("p", "x", "y"),
      { claims: [delayed("x"), delayed("y")], classes: [byHand], volumes: [onB("pv")] },
      "a: node(s) didn't find available persistent volumes to bind; b: node(s) didn't find available persistent volumes to bind",
    ],
    [
      "gives the small volume to the small claim",
      using("p", "large", "small"),
      {
        claims: [delayed("large", "5Gi"), delayed("small", "1Gi")],
        classes: [byHand],
        volumes: [onB("pv-5", "5Gi"), onB("pv-1", "1Gi")],
      },
      "a: node(s) didn't find available persistent volumes to bind; b: ok",
    ],
  ])("%s", (_, candidate, world, expected) => {
    expect(verdicts(volumeBinding, candidate, world)).toBe(expected);
  });

  test("stays with the node that was chosen for a volume in the making", () => {
    const claim = delayed("x");
    claim.metadata.annotations = { [SELECTED_NODE]: "b" };
    const world = { claims: [claim], classes: [late] };
    expect(verdicts(volumeBinding, using("p", "x"), world)).toBe(
      "a: node(s) had volume node affinity conflict; b: ok",
    );
  });

  test("sends a second pod of a claim to where the first one is about to get it", () => {
    const seen = view({ claims: [delayed("x")], classes: [late] });
    const [a, b] = [seen.snapshot.get("a"), seen.snapshot.get("b")];
    if (!a || !b) throw new Error("there are no nodes");
    const [first, second] = [toPlace(using("p", "x")), toPlace(using("q", "x"))];
    volumeBinding.reserve?.(first, a, seen);
    expect(volumeBinding.reserve?.(second, b, seen)?.reasons).toEqual([
      "node(s) had volume node affinity conflict",
    ]);
    expect(volumeBinding.reserve?.(second, a, seen)).toBeUndefined();
  });

  test("never reserves one volume for two pods", () => {
    const world = {
      claims: [delayed("x"), delayed("y")],
      classes: [byHand],
      volumes: [onB("pv")],
    };
    const seen = view(world);
    const node = seen.snapshot.get("b");
    if (!node) throw new Error("there is no node b");
    const [first, second] = [toPlace(using("p", "x")), toPlace(using("q", "y"))];
    expect(volumeBinding.reserve?.(first, node, seen)).toBeUndefined();
    expect(volumeBinding.reserve?.(second, node, seen)?.reasons).toEqual([
      "node(s) didn't find available persistent volumes to bind",
    ]);
    volumeBinding.unreserve?.(first, "b", seen);
    expect(volumeBinding.reserve?.(second, node, seen)).toBeUndefined();
  });
});

describe("VolumeRestrictions", () => {
  const alone = claimOf("x", { accessModes: ["ReadWriteOncePod"] });
  const user = { ...using("user", "x"), spec: { ...using("user", "x").spec, nodeName: "a" } };

  test("lets one pod have a claim of ReadWriteOncePod", () => {
    expect(verdicts(volumeRestrictions, using("p", "x"), { claims: [alone] })).toBe("a: ok; b: ok");
    expect(verdicts(volumeRestrictions, using("p", "x"), { claims: [alone], pods: [user] })).toBe(
      "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
    );
  });

  test("has nothing to say of other access modes", () => {
    const world = { claims: [claimOf("x")], pods: [user] };
    expect(verdicts(volumeRestrictions, using("p", "x"), world)).toBe("ok");
  });
});

test("VolumeZone keeps a pod in the zones of its volume, where there are zones", () => {
  const zone = (name: string, value: string): Node => {
    const node = storageNode(name);
    node.metadata.labels = { "topology.kubernetes.io/zone": value };
    return node;
  };
  const volume = volumeOf("pv-x");
  volume.metadata.labels = { "topology.kubernetes.io/zone": "eu-1__eu-2" };
  const nodes = [zone("a", "eu-2"), zone("b", "eu-3"), storageNode("c")];
  const world = { nodes, claims: [bound("x")], volumes: [volume] };
  expect(verdicts(volumeZone, using("p", "x"), world)).toBe(
    "a: ok; b: node(s) had no available volume zone; c: ok",
  );
});

test("NodeVolumeLimits counts the volumes of a driver, each once", () => {
  const csi = (name: string): PersistentVolume =>
    volumeOf(`pv-${name}`, { csi: { driver: "disk.example", volumeHandle: name } });
  const node = storageNode("a");
  node.status = { allocatable: { "attachable-volumes-csi-disk.example": "1" } };
  const placed = { ...using("q", "x"), spec: { ...using("q", "x").spec, nodeName: "a" } };
  const world = {
    nodes: [node],
    claims: [bound("x"), bound("y")],
    volumes: [csi("x"), csi("y")],
    pods: [placed],
  };
  expect(verdicts(nodeVolumeLimits, using("p", "x"), world)).toBe("a: ok");
  expect(verdicts(nodeVolumeLimits, using("p", "y"), world)).toBe(
    "a: node(s) exceed max volume count",
  );
});
