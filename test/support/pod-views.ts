import type { Pod } from "#api/schema/types";
import { specHash } from "#node-agent/pod/spec-hash";
import type { ContainerRecord, PodView } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";

export const noonMs = Date.parse("2026-01-01T12:00:00Z");

/** A running pod with a ready sandbox and nothing in it. */
export function testView(fields: Partial<PodView> = {}): PodView {
  return {
    pod: testPod(),
    isRemoved: false,
    nowMs: noonMs,
    startedAtMs: noonMs - 60_000,
    stage: "starting",
    sandbox: {
      id: "sandbox-1",
      isReady: true,
      createdAtMs: noonMs - 60_000,
      ip: "10.244.0.7",
      size: { cpuRequestMillis: 0 },
    },
    staleSandboxIds: [],
    containers: [],
    volumes: { state: "mounted" },
    resize: { pending: undefined, failure: undefined },
    restarting: new Set(),
    sandboxFailure: undefined,
    startFailures: new Map(),
    probes: new Map(),
    inFlight: new Set(),
    isReleased: false,
    isCleaned: false,
    ...fields,
  };
}

/** A running container "web" of testPod. */
export function testRecord(fields: Partial<ContainerRecord> = {}): ContainerRecord {
  return {
    id: `id-${fields.name ?? "web"}-${fields.restartCount ?? 0}`,
    name: "web",
    sandboxId: "sandbox-1",
    restartCount: 0,
    specHash: specHash({ name: fields.name ?? "web", image: "web:1" }),
    size: { cpuRequestMillis: 0 },
    backoffMs: 0,
    state: "running",
    image: "web:1",
    imageId: "sha256:1",
    createdAtMs: noonMs - 50_000,
    startedAtMs: noonMs - 50_000,
    finishedAtMs: undefined,
    exitCode: 0,
    signal: undefined,
    reason: undefined,
    message: undefined,
    ...fields,
  };
}

export function exited(fields: Partial<ContainerRecord> = {}): ContainerRecord {
  const exitCode = fields.exitCode ?? 1;
  return testRecord({
    state: "exited",
    finishedAtMs: noonMs - 1_000,
    reason: exitCode === 0 ? "Completed" : "Error",
    ...fields,
    exitCode,
  });
}

export function deletedPod(pod: Pod, graceSeconds = 30): Pod {
  const deletionTimestamp = new Date(noonMs + graceSeconds * 1000).toISOString();
  const metadata = { ...pod.metadata, deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
  return { ...pod, metadata };
}
