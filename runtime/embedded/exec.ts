import { NativeError } from "#runtime/embedded/channel";
import { startMessage } from "#runtime/embedded/containers";
import { containerGroup, type Host } from "#runtime/embedded/host";
import type { EmbeddedState } from "#runtime/embedded/state";
import { openStream } from "#runtime/embedded/stream";
import { FrameType } from "#runtime/embedded/wire";
import { grantedCapabilities } from "#runtime/plan/capabilities";
import { planExec } from "#runtime/plan/container";
import { encodeOperations } from "#runtime/plan/operations";
import { type ExecRequest, type ExecSession, RuntimeError } from "#runtime/runtime";

export async function exec(
  host: Host,
  state: EmbeddedState,
  id: string,
  request: ExecRequest,
): Promise<ExecSession> {
  const { record, running } = state.container(id);
  if (running === undefined) {
    throw new RuntimeError("InvalidArgument", `container "${id}" is not running`);
  }
  if (request.command.length === 0) {
    throw new RuntimeError(
      "InvalidArgument",
      "you must specify at least one command for the container",
    );
  }
  const sandbox = state.sandbox(record.sandboxId).record.config;
  const { security } = record.config;
  const capabilities = grantedCapabilities(security, host.hierarchy.hasDeviceFilter);
  const group = containerGroup(host, sandbox, record);
  const plan = planExec({
    config: record.config,
    image: record.image,
    user: record.user,
    sandbox,
    seccomp: host.filters.filterFor(security, capabilities),
    capabilities,
    group,
    request,
  });
  try {
    return await openStream({
      directory: host.records.directoryOf(record.sandboxId),
      type: FrameType.exec,
      fields: [id, plan.streams, encodeOperations(plan.child), group.cloneInto],
      stdin: request.stdin,
      stdout: request.stdout,
      stderr: request.stderr && !request.tty,
      ...(request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs }),
    });
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    throw new RuntimeError("RunContainerError", startMessage(cause), { cause });
  }
}

export function attach(
  host: Host,
  state: EmbeddedState,
  id: string,
  request: { stdin: boolean; stdout: boolean; stderr: boolean },
): Promise<ExecSession> {
  const { record } = state.container(id);
  return openStream({
    directory: host.records.directoryOf(record.sandboxId),
    type: FrameType.attach,
    fields: [id, request.stdin ? 1 : 0],
    stdin: request.stdin,
    stdout: request.stdout,
    stderr: request.stderr && !record.config.tty,
  });
}
