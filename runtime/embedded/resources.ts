import { NativeError } from "#runtime/embedded/channel";
import { containerGroupPath, type Host, sandboxGroupPath } from "#runtime/embedded/host";
import type { EmbeddedState, SandboxState } from "#runtime/embedded/state";
import { FrameType } from "#runtime/embedded/wire";
import { encodeOperations } from "#runtime/plan/operations";
import { type Resources, RuntimeError } from "#runtime/runtime";

/**
 * New limits for groups that exist. The kernel is asked first and the record written afterwards: a process that
 * dies in between asks again.
 */
export async function updateResources(
  host: Host,
  state: EmbeddedState,
  id: string,
  resources: Resources,
): Promise<void> {
  const container = state.container(id);
  const sandbox = state.sandbox(container.record.sandboxId);
  if (container.running !== undefined) {
    const path = containerGroupPath(host, sandbox.record.config, id);
    await limit(host, sandbox, path, { resources, before: container.record.config.resources });
  }
  const { config } = container.record;
  const merged = { ...config.resources, ...resources };
  container.record = { ...container.record, config: { ...config, resources: merged } };
  host.records.saveContainer(container.record);
}

export async function updateSandboxResources(
  host: Host,
  state: EmbeddedState,
  id: string,
  resources: Resources,
): Promise<void> {
  const sandbox = state.sandbox(id);
  const { config } = sandbox.record;
  const path = sandboxGroupPath(host, config);
  await limit(host, sandbox, path, { resources, before: config.resources });
  const merged = { ...config.resources, ...resources };
  sandbox.record = { ...sandbox.record, config: { ...config, resources: merged } };
  host.records.saveSandbox(sandbox.record);
}

async function limit(
  host: Host,
  sandbox: SandboxState,
  path: string,
  change: { readonly resources: Resources; readonly before: Resources },
): Promise<void> {
  const steps = encodeOperations(host.hierarchy.limit(path, change.resources, change.before));
  try {
    await sandbox.channel?.request(FrameType.apply, [steps]);
  } catch (cause) {
    if (!(cause instanceof NativeError)) throw cause;
    throw new RuntimeError("InvalidArgument", `cannot change limits: ${cause.message}`, { cause });
  }
}
