import { join } from "node:path";
import { readLog } from "#node-agent/logs/read";
import type { NodeContext } from "#node-agent/node-context";
import { containerNameLabel } from "#node-agent/pod/labels";
import type { AgentStream, OpenStreamRequest, PodRef } from "#node-agent/session/types";
import { pumpSession } from "#node-agent/streams/pump";
import { forwardPort } from "#node-agent/streams/port-forward";
import { exitStatus, success } from "#node-agent/streams/status";
import type { Container } from "#runtime/runtime";

/**
 * Serves one exec, attach, port-forward or log request of a user. Throwing before the first byte refuses it with
 * the error's message. Only pods that run here can be named: the uid must fit.
 */
export async function serveStream(
  context: NodeContext,
  request: OpenStreamRequest,
  stream: AgentStream,
): Promise<void> {
  await context.index.refresh();
  const { runtime } = context;
  switch (request.type) {
    case "exec": {
      const { id } = runningContainer(context, request);
      const { command, stdin, stdout, stderr, tty } = request;
      const session = await runtime.exec(id, { command, stdin, stdout, stderr, tty });
      return pumpSession(session, stream, exitStatus);
    }
    case "attach": {
      const { id } = runningContainer(context, request);
      const { stdin, stdout, stderr } = request;
      const session = await runtime.attach(id, { stdin, stdout, stderr });
      // The container's exit code is on the pod; attach itself has ended well.
      return pumpSession(session, stream, () => success);
    }
    case "portForward": {
      const sandbox = context.index.ofPod(request.pod.uid).sandboxes.at(-1);
      if (sandbox?.state !== "ready") throw new Error(`pod ${nameOf(request.pod)} is not running`);
      return forwardPort(await runtime.portForward(sandbox.id, request.port), stream);
    }
    case "logs":
      return serveLogs(context, request, stream);
  }
}

function nameOf({ namespace, name }: PodRef): string {
  return `${namespace}/${name}`;
}

/** Oldest first. */
function containersNamed(context: NodeContext, uid: string, name: string): Container[] {
  return context.index
    .ofPod(uid)
    .containers.filter(({ config }) => config.labels[containerNameLabel] === name);
}

function runningContainer(context: NodeContext, { pod, container }: OpenStreamRequest): Container {
  const newest = containersNamed(context, pod.uid, container).at(-1);
  if (newest?.state !== "running") {
    throw new Error(`container "${container}" in pod "${pod.name}" is not running`);
  }
  return newest;
}

async function serveLogs(
  context: NodeContext,
  request: Extract<OpenStreamRequest, { type: "logs" }>,
  stream: AgentStream,
): Promise<void> {
  const target = loggedContainer(context, request);
  const sandbox = context.index
    .ofPod(request.pod.uid)
    .sandboxes.find(({ id }) => id === target.sandboxId);
  if (!sandbox) throw new Error(`container "${request.container}" has no log any more`);
  const path = join(sandbox.config.logDirectory, target.config.logPath);
  let isWriting = true;
  const check = async (): Promise<void> => {
    const now = await context.runtime.containerStatus(target.id);
    isWriting = now?.state === "running" || now?.state === "created";
  };
  await check();
  const lines = readLog({
    path,
    options: request.options,
    signal: stream.signal,
    isWriting: () => isWriting,
    onChange: (listener) =>
      context.runtime.onEvent((event) => {
        if (!("containerId" in event) || event.containerId !== target.id) return;
        void check().finally(listener);
      }),
  });
  for await (const bytes of lines) await stream.send({ type: "data", channel: 1, bytes });
  await stream.send({ type: "status", status: success });
}

function loggedContainer(
  context: NodeContext,
  request: Extract<OpenStreamRequest, { type: "logs" }>,
): Container {
  const { pod, container, options } = request;
  const all = containersNamed(context, pod.uid, container);
  const newest = all.at(-1);
  if (options.previous) {
    const previous = all.at(-2);
    if (previous) return previous;
    throw new Error(`previous terminated container "${container}" in pod "${pod.name}" not found`);
  }
  if (newest) return newest;
  throw new Error(
    `container "${container}" in pod "${pod.name}" is waiting to start: ContainerCreating`,
  );
}
