import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Pod } from "#api/schema/types";
import {
  hostNetworkHostsFile,
  hostnameOf,
  hostsFile,
  resolvConf,
} from "#node-agent/container/host-files";
import type { SharedFiles } from "#node-agent/container/mounts";
import { hostPortsOf, podLogDirectory, sandboxConfig } from "#node-agent/container/sandbox-config";
import type { NodeContext } from "#node-agent/node-context";
import { namespaceOf, uidOf } from "#node-agent/objects";
import { requireSupported } from "#node-agent/pod/rejection";
import { requireOwnHandler } from "#node-agent/pod/runtime-handler";
import { cleanupPodVolumes, podDirectory } from "#node-agent/volumes/pod-volumes";
import type { SandboxNetwork } from "#runtime/runtime";

const unknownCluster = { clusterDomain: "cluster.local", dnsIp: "" };

/** Address, shared files, namespaces: what containers are started in. */
export async function createSandbox(context: NodeContext, pod: Pod): Promise<void> {
  requireOwnHandler(pod);
  const { runtime, network, objects } = context;
  requireSupported(pod, runtime.missingUserNamespaces());
  const cluster = objects.cluster() ?? unknownCluster;
  let ip = context.hostIp;
  let wiring: SandboxNetwork | undefined;
  if (!pod.spec.hostNetwork) {
    const { name } = pod.metadata;
    const hostPorts = hostPortsOf(pod);
    const key = { namespace: namespaceOf(pod), name, uid: uidOf(pod), hostPorts };
    ({ ip, network: wiring } = await network.attach(key));
  }
  await writeSharedFiles(context, pod, ip);
  const { clusterDomain } = cluster;
  const { logDirectory, podPidsLimit } = context;
  const users = pod.spec.hostUsers === false ? context.users.hold(uidOf(pod)) : undefined;
  await mkdir(podLogDirectory(logDirectory, pod), { recursive: true });
  const host = { logDirectory, clusterDomain, podPidsLimit, hostname: hostname(), users };
  await context.record.step("runtime", "sandbox", pod, () =>
    runtime.runSandbox(sandboxConfig(pod, wiring, host)),
  );
}

export function sharedFilesOf(context: NodeContext, pod: Pod): SharedFiles {
  const directory = podDirectory(context.directories, uidOf(pod));
  return {
    hosts: join(directory, "etc-hosts"),
    resolvConf: join(directory, "etc-resolv.conf"),
    hostname: join(directory, "etc-hostname"),
  };
}

async function writeSharedFiles(context: NodeContext, pod: Pod, ip: string): Promise<void> {
  const cluster = context.objects.cluster() ?? unknownCluster;
  const files = sharedFilesOf(context, pod);
  await mkdir(podDirectory(context.directories, uidOf(pod)), { recursive: true });
  const hosts = pod.spec.hostNetwork
    ? hostNetworkHostsFile(pod, await readFile("/etc/hosts", "utf8"))
    : hostsFile(pod, ip, cluster.clusterDomain);
  const name = pod.spec.hostNetwork ? hostname() : hostnameOf(pod);
  await Promise.all([
    writeFile(files.hosts, hosts, { mode: 0o644 }),
    writeFile(files.resolvConf, resolvConf(pod, context.hostResolver, cluster), { mode: 0o644 }),
    writeFile(files.hostname, `${name}\n`, { mode: 0o644 }),
  ]);
}

/** Removes a sandbox with everything in it; one that is gone is fine. */
export async function removeSandbox(context: NodeContext, uid: string, id: string): Promise<void> {
  const { runtime, index } = context;
  await runtime.stopSandbox(id);
  for (const container of index.ofPod(uid).containers) {
    if (container.sandboxId === id) await runtime.removeContainer(container.id);
  }
  await runtime.removeSandbox(id);
}

/** Gives back what a finished pod needs no more; its containers' records and logs stay. */
export async function releasePod(context: NodeContext, uid: string): Promise<void> {
  for (const sandbox of context.index.ofPod(uid).sandboxes) {
    await context.runtime.stopSandbox(sandbox.id);
  }
  await context.network.release(uid);
  await cleanupPodVolumes(context.directories, uid);
  context.users.release(uid);
}

/** Nothing of the pod is left afterwards, whatever was there before. Needs no pod object. */
export async function cleanUpPod(context: NodeContext, uid: string, logs: string): Promise<void> {
  await context.index.refresh();
  for (const sandbox of context.index.ofPod(uid).sandboxes) {
    await removeSandbox(context, uid, sandbox.id);
  }
  await context.network.release(uid);
  await cleanupPodVolumes(context.directories, uid);
  context.users.release(uid);
  await rm(logs, { recursive: true, force: true });
}
