import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import type { Pod } from "#api/schema/types";
import {
  busyboxTar,
  type ClusterOptions,
  createCluster,
  type Finished,
  type TestCluster,
} from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";

export const PARITY_NEEDS = {
  root: true,
  programs: ["kubectl", "nginx", "nft", "ip", "busybox", "gcc"],
};
const POD_WAIT_MS = 40_000;
export const BUSYBOX = "kaji.dev/busybox:latest";

/** A running cluster for the tests of one file, with the image busybox; nothing where the host cannot have one. */
export interface ParityCluster {
  /** Otherwise there is no cluster, and the tests skip by `requireHost`. */
  readonly isPossible: boolean;
  readonly cluster: TestCluster;
  readonly scratch: string;
  /** The standard output of a kubectl that must succeed. */
  kubectl(...args: string[]): Promise<string>;
  apply(...objects: object[]): Promise<void>;
  pod(name: string): Promise<Pod>;
  /** The pod as soon as it is so; the sentence says how, for who reads that it never was. */
  podWith(name: string, sentence: string, is: (pod: Pod) => boolean): Promise<Pod>;
  /** All that a kubectl says that must fail. */
  refused(...args: string[]): Promise<string>;
}

export function parityCluster(
  options: ClusterOptions & { readonly image?: string } = {},
): ParityCluster {
  const { image = BUSYBOX, ...given } = options;
  let cluster: TestCluster;
  let scratch = "";
  const isPossible =
    process.getuid?.() === 0 && PARITY_NEEDS.programs.every((name) => findProgram(name));
  beforeAll(async () => {
    if (!isPossible) return;
    scratch = mkdtempSync(join(tmpdir(), "kaji-parity-"));
    cluster = await createCluster(given);
    succeeded(await cluster.up());
    succeeded(await cluster.kaji("import", await busyboxTar(scratch), image));
  }, 120_000);
  afterAll(async () => {
    if (!isPossible) return;
    try {
      await cluster.dispose();
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }, 120_000);
  const pod = async (name: string): Promise<Pod> =>
    JSON.parse(succeeded(await cluster.kubectl("get", "pod", name, "-o", "json")));
  return {
    isPossible,
    pod,
    podWith: (name, sentence, is) =>
      eventually(
        `${name}: ${sentence}`,
        async () => {
          const now = await pod(name);
          return is(now) && now;
        },
        POD_WAIT_MS,
      ),
    get cluster() {
      return cluster;
    },
    get scratch() {
      return scratch;
    },
    kubectl: async (...args) => succeeded(await cluster.kubectl(...args)),
    async apply(...items) {
      const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
      succeeded(await cluster.kubectlInput(list, "apply", "-f", "-"));
    },
    async refused(...args) {
      const { code, stdout, stderr } = await cluster.kubectl(...args);
      expect(code, stdout).not.toBe(0);
      return stdout + stderr;
    },
  };
}

export function succeeded(finished: Finished): string {
  expect(finished, finished.stderr).toMatchObject({ code: 0 });
  return finished.stdout;
}

/** A pod of one busybox container "c" that runs a shell line. */
export function shellPod(name: string, line: string, container: object = {}, spec: object = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "c",
          image: BUSYBOX,
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", line],
          ...container,
        },
      ],
      ...spec,
    },
  };
}
