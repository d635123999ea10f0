import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type ImageStore, rooms, type RunCommand } from "#cli/rooms";
import type { Locations } from "#kit/locations";
import { createLog } from "#kit/log";

/**
 * Runs the RUN steps of a build in containers of Kaji's own runtime. Each `kaji build` has a run directory of
 * its own, <run>/build/<pid>: the agent's sandboxes are never seen, and what a killed build left is removed by
 * the next one (or by `kaji down`).
 */
export async function withBuildRunner<T>(
  locations: Locations,
  images: ImageStore,
  use: (runCommand: RunCommand) => Promise<T>,
): Promise<T> {
  await removeDeadBuilds(locations, images);
  const own = locationsOf(locations, process.pid);
  const runtime = await openRuntime(own, images);
  try {
    return await use(async (request) => {
      const { exitCode } = await runtime.runOnce({
        lowerDirs: request.lowerDirs,
        upperDir: request.upperDir,
        config: containerConfig(request),
        onOutput: (_stream, chunk) => request.onOutput(chunk.toString()),
        ...(request.signal ? { signal: request.signal } : {}),
      });
      return exitCode;
    });
  } finally {
    await runtime.close();
    // A launcher that is ended as soon as it has started may still be making its socket.
    rmSync(own.run, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Ends what builds that were killed have left running. */
export async function removeDeadBuilds(locations: Locations, images: ImageStore): Promise<void> {
  const folder = join(locations.run, "build");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter((pid) => !existsSync(`/proc/${pid}`))) {
    const left = locationsOf(locations, Number(name));
    const runtime = await openRuntime(left, images);
    for (const sandbox of await runtime.listSandboxes()) await runtime.removeSandbox(sandbox.id);
    await runtime.close();
    rmSync(left.run, { recursive: true, force: true });
  }
}

function locationsOf(locations: Locations, pid: number): Locations {
  const run = join(locations.run, "build", String(pid));
  return { ...locations, run, lib: join(run, "lib") };
}

async function openRuntime(locations: Locations, images: ImageStore) {
  mkdirSync(locations.run, { recursive: true, mode: 0o700 });
  const { createEmbeddedRuntime } = await rooms.embeddedRuntime();
  const runtime = createEmbeddedRuntime({ locations, images, log: createLog({ level: "warn" }) });
  await runtime.start();
  return runtime;
}

type Runtime = Awaited<ReturnType<typeof openRuntime>>;

/** The host's network and its name servers, the default capabilities, no limits: what a RUN expects. */
function containerConfig(
  request: Parameters<RunCommand>[0],
): Parameters<Runtime["runOnce"]>[0]["config"] {
  const files = ["/etc/resolv.conf", "/etc/hosts"].filter((path) => existsSync(path));
  return {
    name: "build",
    labels: {},
    annotations: {},
    image: "",
    command: request.command,
    args: [],
    workingDir: request.workingDir,
    env: request.env.map((pair) => {
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: pair.slice(at + 1) };
    }),
    mounts: files.map((path) => ({
      hostPath: path,
      containerPath: path,
      isReadOnly: true,
      propagation: "private",
    })),
    devices: [],
    logPath: "",
    stdin: false,
    stdinOnce: false,
    tty: false,
    resources: {},
    security: {
      ...(request.user ? { runAsUser: request.user } : {}),
      supplementalGroups: [],
      isPrivileged: false,
      isReadOnlyRootfs: false,
      addCapabilities: [],
      dropCapabilities: [],
      allowPrivilegeEscalation: true,
      seccomp: "runtime-default",
      masksProc: true,
    },
  };
}
