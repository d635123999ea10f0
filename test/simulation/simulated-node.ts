import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { persistentVolumeKind } from "#api/kinds/persistent-volume";
import { podKind } from "#api/kinds/pod";
import { StatusError } from "#api/machinery/status-error";
import type { Lease, Node, Pod, PodCondition } from "#api/schema/types";
import { isDirectoryDue } from "#api/storage/directory";
import { LOCAL_PATH_DIRECTORY, VOLUMES_PATH } from "#api/storage/names";
import type { Client } from "#client/client";
import type { Informer } from "#client/informer";
import { type Cancel, type Clock, toMicroTime, toTime } from "#kit/clock";
import type { Rng } from "#kit/rng";

/** A pod whose template has this label with "broken" never becomes ready. */
export const BEHAVIOUR_LABEL = "simulation.kaji.dev/behaviour";

const LEASE_NAMESPACE = "kube-node-lease";
const RENEW_MS = 10_000;
/** How often a node that is cut off tries again. */
const RETRY_MS = 5_000;

export interface SimulatedNodeOptions {
  readonly name: string;
  /** The third number of its pods' addresses. */
  readonly index: number;
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly client: Client;
  readonly pods: Informer<Pod>;
  readonly clock: Clock;
  readonly rng: Rng;
  /** How often it renews its lease; default: every 10 s. */
  readonly renewMs?: number;
}

/**
 * A node agent without containers: pods bound to it become Running and Ready after a while, and deleted ones
 * stop and are reported gone. It can crash (say and do nothing any more), return, be slow, and be cut off: then it
 * goes on without hearing or being heard.
 *
 * Invariant: an address belongs to one pod from its start until the API no longer has the pod.
 */
export class SimulatedNode {
  readonly name: string;
  /** Start delays are multiplied by it. */
  slowness = 1;
  private readonly options: SimulatedNodeOptions;
  private readonly timers = new Map<string, Cancel>();
  private readonly addresses = new Map<string, number>();
  private cancelRenewal: Cancel = () => undefined;
  private isUp = false;
  private isCutOff = false;

  constructor(options: SimulatedNodeOptions) {
    this.options = options;
    this.name = options.name;
    options.pods.onChange(({ previous, current }) => this.onPod(previous, current));
  }

  get isRunning(): boolean {
    return this.isUp && !this.isCutOff;
  }

  cutOff(): void {
    this.isCutOff = true;
  }

  /** Joins for the first time, or comes back: its pods start again. */
  async start(): Promise<void> {
    this.isUp = true;
    this.isCutOff = false;
    await this.heartbeat();
    for (const pod of this.options.pods.list()) this.onPod(undefined, pod);
  }

  crash(): void {
    this.isUp = false;
    this.cancelRenewal();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  private onPod(previous: Pod | undefined, current: Pod | undefined): void {
    const pod = current ?? previous;
    if (pod?.spec.nodeName !== this.name) return;
    const uid = pod.metadata.uid ?? "";
    if (!current) {
      this.addresses.delete(uid);
      this.cancel(uid);
    } else if (!this.isRunning) return;
    else if (current.metadata.deletionTimestamp) {
      const isStopping = previous?.metadata.deletionTimestamp !== undefined && this.timers.has(uid);
      if (!isStopping) this.later(uid, this.delay(100, 2_000), () => this.stopPod(current));
    } else if (!isReady(current) && !this.timers.has(uid)) {
      const delayMs = this.delay(200, 3_000) * this.slowness;
      this.later(uid, delayMs, () => this.startPod(current));
    }
  }

  private later(uid: string, delayMs: number, act: () => Promise<void>): void {
    this.cancel(uid);
    const cancel = this.options.clock.after(delayMs, () => {
      this.timers.delete(uid);
      if (this.isCutOff) this.later(uid, RETRY_MS, act);
      else void unlessGone(act());
    });
    this.timers.set(uid, cancel);
  }

  private cancel(uid: string): void {
    this.timers.get(uid)?.();
    this.timers.delete(uid);
  }

  private delay(fromMs: number, toMs: number): number {
    return Math.round(fromMs + this.options.rng.next() * (toMs - fromMs));
  }

  private async startPod(pod: Pod): Promise<void> {
    const isBroken = pod.metadata.labels?.[BEHAVIOUR_LABEL] === "broken";
    const podIP = `10.244.${this.options.index}.${this.addressOf(pod)}`;
    // A broken pod runs and is never ready; written once, its timer stays to mark it as started.
    if (isBroken) this.timers.set(pod.metadata.uid ?? "", () => undefined);
    await this.patchStatus(pod, !isBroken, { phase: "Running", podIP, podIPs: [{ ip: podIP }] });
  }

  private async stopPod(pod: Pod): Promise<void> {
    await this.patchStatus(pod, false, {});
    if (!this.isUp) return;
    const { name, namespace = "", uid = "" } = pod.metadata;
    const options = { gracePeriodSeconds: 0, preconditions: { uid } };
    await this.options.client.delete(podKind, { name, namespace }, options);
  }

  private addressOf(pod: Pod): number {
    const uid = pod.metadata.uid ?? "";
    const taken = new Set(this.addresses.values());
    let address = this.addresses.get(uid) ?? 2;
    while (!this.addresses.has(uid) && taken.has(address)) address++;
    this.addresses.set(uid, address);
    return address;
  }

  private async patchStatus(pod: Pod, ready: boolean, more: object): Promise<void> {
    const { name, namespace = "", uid } = pod.metadata;
    const lastTransitionTime = toTime(this.options.clock.now());
    const conditions: PodCondition[] = ["Initialized", "ContainersReady", "Ready"].map((type) => ({
      type,
      status: ready || type === "Initialized" ? "True" : "False",
      lastTransitionTime,
    }));
    await this.options.client.patch(
      podKind,
      { name, namespace, subresource: "status" },
      { type: "strategic", body: { metadata: { uid }, status: { ...more, conditions } } },
    );
  }

  /** As kubelet: renews the lease, and says again that it is ready when the API says otherwise. */
  private async heartbeat(): Promise<void> {
    const { client, clock } = this.options;
    await client.create(nodeKind, this.newNode()).catch(ignore(409));
    await this.renew();
    const { status } = await client.get(nodeKind, this.name);
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status !== "True") await this.writeStatus();
    await this.removeDirectories();
    this.cancelRenewal();
    if (this.isUp)
      this.cancelRenewal = clock.after(
        this.options.renewMs ?? RENEW_MS,
        () => void this.heartbeat(),
      );
  }

  private newNode(): Node {
    const { name } = this;
    const labels = { "kubernetes.io/hostname": name, ...this.options.labels };
    const annotations = { [VOLUMES_PATH]: "/var/lib/kaji/volumes" };
    return { apiVersion: "v1", kind: "Node", metadata: { name, labels, annotations }, spec: {} };
  }

  /** Volumes of this node that are being deleted have nothing on its disk any more. */
  private async removeDirectories(): Promise<void> {
    const { client } = this.options;
    for (const volume of (await client.list(persistentVolumeKind)).items) {
      if (!isDirectoryDue(volume, this.name)) continue;
      const { name, uid, finalizers = [] } = volume.metadata;
      const kept = finalizers.filter((one) => one !== LOCAL_PATH_DIRECTORY);
      const body = { metadata: { uid, finalizers: kept } };
      await unlessGone(client.patch(persistentVolumeKind, { name }, { type: "merge", body }));
    }
  }

  private async writeStatus(): Promise<void> {
    const { client, capacity, clock } = this.options;
    const time = toTime(clock.now());
    const conditions = [
      { type: "Ready", status: "True", lastHeartbeatTime: time, lastTransitionTime: time },
    ];
    const status = { capacity, allocatable: capacity, conditions };
    const target = { name: this.name, subresource: "status" };
    await client.patch(nodeKind, target, { type: "strategic", body: { status } });
  }

  private async renew(): Promise<void> {
    const { client, clock } = this.options;
    const { name } = this;
    const lease: Lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name, namespace: LEASE_NAMESPACE },
      spec: {
        holderIdentity: name,
        leaseDurationSeconds: 40,
        renewTime: toMicroTime(clock.now()),
      },
    };
    await client.create(leaseKind, lease).catch(ignore(409));
    const body = { spec: lease.spec };
    const target = { name, namespace: LEASE_NAMESPACE };
    await client.patch(leaseKind, target, { type: "merge", body });
  }
}

function isReady(pod: Pod): boolean {
  return (
    pod.status?.conditions?.some((one) => one.type === "Ready" && one.status === "True") ?? false
  );
}

/** The pod was deleted, or replaced, while the node was at work on it. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 409)) throw error;
  });
}

function ignore(code: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof StatusError) || error.code !== code) throw error;
  };
}
