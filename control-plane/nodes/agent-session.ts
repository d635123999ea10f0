import type { ServerDuplexStream } from "@grpc/grpc-js";
import {
  type DesiredInputs,
  type DesiredPlan,
  diffDesired,
  planDesired,
} from "#control-plane/nodes/desired-plan";
import type { PolicyTables } from "#control-plane/nodes/policy-tables";
import type { GatewayObserving } from "#control-plane/nodes/metrics";
import { ToldTables } from "#control-plane/nodes/told-tables";
import type { VersionedTable } from "#control-plane/nodes/versioned-table";
import type { Cancel, Clock } from "#kit/clock";
import type { AgentMessage, Welcome } from "#proto/agent";
import type { OutgoingServerMessage } from "#proto/node-gateway";

export type SessionCall = ServerDuplexStream<AgentMessage, OutgoingServerMessage>;

/** Changes within this time are sent as one. */
const tickMs = 5;
/** An agent that takes nothing for so long, or says nothing for three heartbeats and a half, is cut off. */
const maxStallMs = 30_000;
export const heartbeatIntervalMs = 10_000;
const maxSilenceMs = 3.5 * heartbeatIntervalMs;

export interface AgentSession {
  readonly nodeName: string;
  /** Pods or objects of this node may have changed. */
  touchDesired(): void;
  /** One of the tables has a new version. */
  touchTables(): void;
  /** True when the node was told of this object. */
  hasObject(key: string): boolean;
  /** For the few messages that are not state. */
  send(message: OutgoingServerMessage): void;
  /** Any message from the agent shows that it lives. */
  heard(): void;
  close(why: string): void;
}

export interface AgentSessionOptions {
  readonly nodeName: string;
  readonly call: SessionCall;
  readonly welcome: Welcome;
  readonly inputs: DesiredInputs;
  /** What every node is told of the whole cluster: Services, peers. */
  readonly tables: readonly VersionedTable[];
  /** What this node alone is told, before the pods that it is for. */
  readonly policies: Pick<PolicyTables, "version" | "of">;
  readonly clock: Clock;
  readonly observing: GatewayObserving;
  onClose(why: string): void;
}

/**
 * The server's side of one connected node: what it was told, and what it must be told next.
 *
 * Invariants: nothing is queued for a node. A message is made from the newest state when the connection has
 * room, so a slow agent gets fewer and bigger changes and costs no memory. The first Desired and the first
 * message of each table are full. A pod is never sent before the policies that select it.
 */
export function openAgentSession(options: AgentSessionOptions): AgentSession {
  const { call, clock, nodeName, observing, policies, tables } = options;
  let told: DesiredPlan | undefined;
  const toldTables = new ToldTables();
  const toldPolicies = new ToldTables();
  let policyVersion: number | undefined;
  let generation = 0;
  let isDesiredDirty = true;
  let isClosed = false;
  let cancelTick: Cancel | undefined;
  let cancelStall: Cancel | undefined;
  let cancelSilence: Cancel | undefined;

  const close = (why: string): void => {
    if (isClosed) return;
    isClosed = true;
    for (const cancel of [cancelTick, cancelStall, cancelSilence]) cancel?.();
    options.onClose(why);
    call.end();
  };
  const write = (message: OutgoingServerMessage): void => {
    if (isClosed) return;
    observing.metrics.sent(Buffer.isBuffer(message) ? "table" : (message.message ?? "unknown"));
    if (call.write(message) || cancelStall) return;
    const why = `the agent has taken nothing for ${maxStallMs / 1000} s`;
    cancelStall = clock.after(maxStallMs, () => close(why));
  };
  const flushDesired = (): void => {
    isDesiredDirty = false;
    const plan = planDesired(nodeName, options.inputs);
    const desired = diffDesired(told, plan, generation + 1);
    told = plan;
    if (!desired) return;
    generation++;
    for (const { uid = "" } of desired.pods ?? []) {
      observing.spans.begin("gateway", "told the node", uid, "")({ node: nodeName });
    }
    write({ message: "desired", desired });
  };
  const canWrite = (): boolean => !isClosed && !cancelStall;
  const flushPolicies = (): void => {
    const { version } = policies;
    if (version === policyVersion) return;
    const needed = new Set(policies.of(nodeName));
    for (const message of toldPolicies.news(needed)) {
      write(message);
      if (!canWrite()) return;
    }
    for (const message of toldPolicies.farewells(needed)) write(message);
    policyVersion = version;
  };
  const flush = (): void => {
    cancelTick = undefined;
    if (canWrite()) flushPolicies();
    if (canWrite() && isDesiredDirty) flushDesired();
    if (!canWrite()) return;
    for (const message of toldTables.news(tables)) {
      write(message);
      if (!canWrite()) return;
    }
  };
  const scheduleFlush = (): void => {
    if (!isClosed) cancelTick ??= clock.after(tickMs, flush);
  };
  const heard = (): void => {
    cancelSilence?.();
    if (isClosed) return;
    const why = `the agent has said nothing for ${maxSilenceMs / 1000} s`;
    cancelSilence = clock.after(maxSilenceMs, () => close(why));
  };

  call.on("drain", () => {
    cancelStall?.();
    cancelStall = undefined;
    flush();
  });
  call.on("cancelled", () => close("the agent has gone"));
  call.on("error", (error: Error) => close(error.message));
  call.on("end", () => close("the agent has closed the session"));
  write({ message: "welcome", welcome: options.welcome });
  heard();
  flush();
  return {
    nodeName,
    touchDesired() {
      isDesiredDirty = true;
      scheduleFlush();
    },
    touchTables: scheduleFlush,
    hasObject: (key) => told?.objects.has(key) ?? false,
    send: write,
    heard,
    close,
  };
}
