import type { ObjectsByKind } from "#api/audit/define-audit";
import { type KubeObject, keyOf } from "#api/machinery/meta";
import type { Component } from "#cli/keeper";

/**
 * `broken`: something does not do what it is there for, and the exit code says so. `warning`: it will not for long, or
 * only in part. `advice`: it works, and could be better.
 */
export type Severity = "broken" | "warning" | "advice";

export interface Problem {
  readonly severity: Severity;
  /** Where: "node/n1", "pod/shop/web-1", "this host". */
  readonly subject: string;
  /** One sentence without the subject. */
  readonly problem: string;
  readonly remedy: string;
  /** The next command. */
  readonly command?: string;
}

/** What is known of this host. */
export interface HostFacts {
  /** The first thing that Kaji needs and does not find, with its remedy. */
  readonly lack: string | undefined;
  /** False: nothing of Kaji has been started here, and the cluster is elsewhere. */
  readonly hasCluster: boolean;
  /** False: it has joined the cluster of another host, and no server has been here. */
  readonly hasServer: boolean;
  /** Of the components that this host has: a host that has joined has no server. */
  readonly stopped: readonly Stopped[];
  /** Absent: this host has no ingress. */
  readonly nginx?: NginxState;
  readonly disks: readonly Disk[];
  readonly certificates: readonly HostCertificate[];
  /** The embedded store; absent where the store is elsewhere. */
  readonly store?: { readonly file: string; readonly bytes: number; readonly walBytes: number };
}

export interface Stopped {
  readonly component: Component;
  /** What starts it: not `kaji up` on a host that has joined the cluster of another. */
  readonly command: string;
  /** Where it says how it ended. */
  readonly log?: string;
}

/** `answer`: the status of its admin socket, or why there was none. */
export type NginxState = (
  | { readonly runs: false }
  | { readonly runs: true; readonly answer: number | string }
) & {
  readonly log?: string;
  /** The last time that the ingress could not bring nginx up to date. */
  readonly failure?: { readonly atMs: number; readonly sentence: string };
};

export interface Disk {
  readonly path: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly freeInodes: number;
  readonly totalInodes: number;
}

export interface HostCertificate {
  readonly file: string;
  readonly notAfterMs: number;
}

/** What is known of the cluster. */
export interface ClusterFacts {
  readonly objects: ObjectsByKind;
  /** Kinds that this user may not list, or of which there are too many: checks know less. */
  readonly unread: readonly string[];
  /** Those of which there are too many to read. */
  readonly cut: readonly Cut[];
  readonly serverVersion: string;
  /** Secrets that the store has in clear text; undefined: this user may not ask. */
  readonly unencryptedSecrets: number | undefined;
}

export interface Cut {
  readonly plural: string;
  readonly read: number;
  readonly left: number;
}

export interface Examined {
  readonly nowMs: number;
  readonly host: HostFacts;
  /** undefined: the API does not answer, and `apiProblem` says why. */
  readonly cluster: ClusterFacts | undefined;
  readonly apiProblem: string | undefined;
}

/** Pure: it looks at what was read, and yields what is wrong with it. */
export interface Check {
  /** What holds when all is well: "every node is ready". */
  readonly name: string;
  readonly examine: (examined: Examined) => Iterable<Problem>;
  readonly needsCluster: boolean;
}

export function hostCheck(name: string, examine: (examined: Examined) => Iterable<Problem>): Check {
  return { name, examine, needsCluster: false };
}

export function clusterCheck(
  name: string,
  examine: (cluster: ClusterFacts, nowMs: number) => Iterable<Problem>,
  /** Whether it takes what is not there for missing: then it is silent where that kind was not read. */
  needs: (plural: string) => boolean = () => false,
): Check {
  return {
    name,
    needsCluster: true,
    examine({ cluster, nowMs }) {
      if (!cluster || cluster.unread.some(needs)) return [];
      return examine(cluster, nowMs);
    },
  };
}

/** "pod/shop/web-1", "node/n1". */
export function subjectOf(object: KubeObject): string {
  return `${object.kind.toLowerCase()}/${keyOf(object)}`;
}

/** " -n shop", for commands; nothing for objects of the cluster. */
export function inNamespace({ metadata: { namespace } }: Pick<KubeObject, "metadata">): string {
  return namespace === undefined ? "" : ` -n ${namespace}`;
}

/** "kaji why pod/web-1 -n shop" */
export function whyCommandOf(object: Pick<KubeObject, "kind" | "metadata">): string {
  return `kaji why ${object.kind.toLowerCase()}/${object.metadata.name}${inNamespace(object)}`;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
