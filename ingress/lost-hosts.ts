import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { nodeKind } from "#api/kinds/node";
import { StatusError } from "#api/machinery/status-error";
import type { Client } from "#client/client";
import type { PodReference } from "#ingress/plan/backends";
import { errorChain, type Log } from "#kit/log";

/**
 * A host that loses its power ends no connection: it falls silent. nginx keeps connections to pods open between
 * requests, and whatever it sends over one to such a host waits until `proxy_read_timeout`. Once the cluster has
 * given the host up, this machine's connections to the pod are ended, and nginx asks another one (what may
 * be asked twice).
 */
const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 10_000;

export interface LostHostsOptions {
  readonly client: Client;
  readonly log: Log;
  /** "10.244.0.7:8080": ends this machine's connections to it. */
  readonly endConnections?: (address: string) => Promise<void>;
}

/** Caller must: have seen to it that nginx makes no new connection to the address. */
export async function severIfLost(
  { client, log, endConnections = endWithSs }: LostHostsOptions,
  address: string,
  { namespace, name, nodeName }: PodReference,
): Promise<void> {
  if (nodeName === undefined || !(await isLost(client, nodeName))) return;
  try {
    await endConnections(address);
    log.info("ended connections to a pod on a lost host", {
      ...{ pod: `${namespace}/${name}`, address, node: nodeName },
    });
  } catch (error) {
    // The requests then fail after nginx's own limit, as they would without us.
    log.warn("connections to a pod on a lost host could not be ended", {
      ...{ pod: `${namespace}/${name}`, address, error: errorChain(error) },
    });
  }
}

async function isLost(client: Client, nodeName: string): Promise<boolean> {
  try {
    const { status } = await client.get(nodeKind, nodeName);
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    return ready?.status === "Unknown";
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return true;
    throw error;
  }
}

/** Kernels without CONFIG_INET_DIAG_DESTROY end nothing and say nothing. */
async function endWithSs(address: string): Promise<void> {
  const options = {
    env: { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin:/bin:/usr/bin` },
    timeout: COMMAND_TIMEOUT_MS,
  };
  await run("ss", ["--kill", "--tcp", "--numeric", "dst", address], options);
}
