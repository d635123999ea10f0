import { sleep } from "#kit/clock";
import { errorChain } from "#kit/log";
import type { Container, Pod } from "#api/schema/types";
import { execToEnd } from "#node-agent/container/exec";
import { runHook } from "#node-agent/hooks/index";
import type { NodeContext } from "#node-agent/node-context";

export interface StopRequest {
  readonly pod: Pod;
  readonly container: Container | undefined;
  readonly id: string;
  readonly ip: string;
  readonly graceMs: number;
  readonly runsPreStop: boolean;
  /** For the event; empty: none. */
  readonly message: string;
}

/** What is left of the grace period after preStop, at least: a container always gets its signal and a moment. */
const minimumGraceMs = 2_000;

/** preStop, SIGTERM, and SIGKILL at the end of the grace period, which preStop is part of. */
export async function stopContainer(context: NodeContext, request: StopRequest): Promise<void> {
  const { pod, container, id, graceMs, message } = request;
  const { events, clock, runtime } = context;
  const name = container?.name;
  if (message !== "") {
    const of = name === undefined ? {} : { container: name };
    events.pod(pod, { type: "Normal", reason: "Killing", message, ...of });
  }
  const startedAtMs = clock.now();
  if (request.runsPreStop && graceMs > 0) await preStop(context, request);
  const leftMs = graceMs - (clock.now() - startedAtMs);
  await runtime.stopContainer(id, graceMs === 0 ? 0 : Math.max(minimumGraceMs, leftMs));
}

async function preStop(context: NodeContext, request: StopRequest): Promise<void> {
  const { pod, container, id, ip, graceMs } = request;
  const action = container?.lifecycle?.preStop;
  if (!container || !action) return;
  const { runtime, clock, events } = context;
  const limit = new AbortController();
  const cancel = clock.after(graceMs, () => limit.abort());
  try {
    await runHook(action, {
      ip,
      container,
      timeoutMs: graceMs,
      signal: limit.signal,
      exec: (command, timeoutMs) => execToEnd(runtime, id, command, timeoutMs),
      sleep: (delayMs, until) => sleep(clock, delayMs, until),
    });
  } catch (error) {
    const message = `PreStopHook failed: ${errorChain(error)}`;
    const { name } = container;
    events.pod(pod, { type: "Warning", reason: "FailedPreStopHook", message, container: name });
  } finally {
    cancel();
  }
}
