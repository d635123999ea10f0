import type { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ContainerConfig, Runtime, RuntimeEvent, SandboxConfig } from "#runtime/runtime";

/** What every Runtime keeps, whatever it runs containers with. */
export interface RuntimeUnderTest {
  readonly runtime: Runtime;
  /** Present in `runtime.images`; has a shell. */
  readonly image: string;
  sandboxConfig(): SandboxConfig;
  containerConfig(script: string): ContainerConfig;
  close(): Promise<void>;
}

/** Scripts that every implementation under test understands. */
export const scripts = {
  runs: "sleep 1000",
  runsStubbornly: "trap '' TERM; while true; do sleep 1; done",
  exits: (code: number) => `exit ${code}`,
};

export function runtimeContract(
  name: string,
  options: { readonly skip: string | undefined; open(): Promise<RuntimeUnderTest> },
): void {
  describe(`${name} keeps the runtime's contract`, () => {
    let subject: RuntimeUnderTest;
    let runtime: Runtime;
    beforeAll(async () => {
      if (options.skip !== undefined) return;
      subject = await options.open();
      runtime = subject.runtime;
    });
    afterAll(async () => {
      await subject?.close();
    });
    beforeEach((context) => {
      if (options.skip !== undefined) context.skip(options.skip);
    });

    const startIn = async (sandboxId: string, script: string): Promise<string> => {
      const id = await runtime.createContainer(sandboxId, subject.containerConfig(script));
      await runtime.startContainer(id);
      return id;
    };
    const start = async (script: string): Promise<{ sandboxId: string; id: string }> => {
      const { id: sandboxId } = await runtime.runSandbox(subject.sandboxConfig());
      return { sandboxId, id: await startIn(sandboxId, script) };
    };

    test("a sandbox is ready, has an id of 64 hex digits and comes back in the list as it was given", async () => {
      const config = { ...subject.sandboxConfig(), labels: { a: "1" }, annotations: { b: "2" } };
      const sandbox = await runtime.runSandbox(config);
      expect(sandbox.id).toMatch(/^[0-9a-f]{64}$/);
      expect(sandbox.state).toBe("ready");
      const listed = (await runtime.listSandboxes()).find(({ id }) => id === sandbox.id);
      expect(listed?.config.labels).toEqual({ a: "1" });
      expect(listed?.config.annotations).toEqual({ b: "2" });
      await runtime.removeSandbox(sandbox.id);
      expect((await runtime.listSandboxes()).map(({ id }) => id)).not.toContain(sandbox.id);
    });

    test("a container is created, then runs, then has exited with its code", async () => {
      const { id: sandboxId } = await runtime.runSandbox(subject.sandboxConfig());
      const config = subject.containerConfig(scripts.exits(3));
      const id = await runtime.createContainer(sandboxId, config);
      expect((await runtime.containerStatus(id))?.state).toBe("created");
      const ended = untilExited(runtime, id);
      await runtime.startContainer(id);
      await ended;
      const container = await runtime.containerStatus(id);
      expect(container).toMatchObject({ state: "exited", exitCode: 3, reason: "Error", sandboxId });
      expect(container?.finishedAtMs).toBeGreaterThanOrEqual(container?.startedAtMs ?? Infinity);
      await runtime.removeSandbox(sandboxId);
    });

    test("a container that succeeds is Completed", async () => {
      const { id: sandboxId } = await runtime.runSandbox(subject.sandboxConfig());
      const id = await runtime.createContainer(
        sandboxId,
        subject.containerConfig(scripts.exits(0)),
      );
      const ended = untilExited(runtime, id);
      await runtime.startContainer(id);
      await ended;
      expect(await runtime.containerStatus(id)).toMatchObject({ exitCode: 0, reason: "Completed" });
      await runtime.removeSandbox(sandboxId);
    });

    test("start, stop and remove are idempotent, for what is gone too", async () => {
      const { sandboxId, id } = await start(scripts.runs);
      await runtime.startContainer(id);
      await runtime.stopContainer(id, 1_000);
      await runtime.stopContainer(id, 1_000);
      expect((await runtime.containerStatus(id))?.state).toBe("exited");
      await runtime.removeContainer(id);
      await runtime.removeContainer(id);
      expect(await runtime.containerStatus(id)).toBeUndefined();
      await runtime.stopContainer(id, 0);
      await runtime.stopSandbox(sandboxId);
      await runtime.stopSandbox(sandboxId);
      await runtime.removeSandbox(sandboxId);
      await runtime.removeSandbox(sandboxId);
      await runtime.stopSandbox(sandboxId);
    });

    test("a container that ignores SIGTERM is killed when its time is up", async () => {
      const { sandboxId, id } = await start(scripts.runsStubbornly);
      await runtime.stopContainer(id, 200);
      expect(await runtime.containerStatus(id)).toMatchObject({ state: "exited", exitCode: 137 });
      await runtime.removeSandbox(sandboxId);
    });

    test("stopping a sandbox ends its containers and keeps their records", async () => {
      const { sandboxId, id } = await start(scripts.runs);
      const stopped = untilEvent(
        runtime,
        (event) => event.type === "sandboxStopped" && event.sandboxId === sandboxId,
      );
      await runtime.stopSandbox(sandboxId);
      await stopped;
      expect((await runtime.containerStatus(id))?.state).toBe("exited");
      const sandbox = (await runtime.listSandboxes()).find((each) => each.id === sandboxId);
      expect(sandbox?.state).toBe("stopped");
      await expect(
        runtime.createContainer(sandboxId, subject.containerConfig(scripts.runs)),
      ).rejects.toThrow();
      await runtime.removeSandbox(sandboxId);
      expect(await runtime.containerStatus(id)).toBeUndefined();
    });

    test("starts and exits are told as events of their container and sandbox", async () => {
      const seen: RuntimeEvent[] = [];
      const forget = runtime.onEvent((event) => void seen.push(event));
      const { sandboxId, id } = await start(scripts.runs);
      const ended = untilExited(runtime, id);
      await runtime.stopContainer(id, 1_000);
      await ended;
      forget();
      const types = seen
        .filter((event) => "containerId" in event && event.containerId === id)
        .map(({ type }) => type);
      expect(types).toEqual(["started", "exited"]);
      await runtime.removeSandbox(sandboxId);
    });

    test("a command that is executed has its own exit code; one that is not running cannot have any", async () => {
      const { sandboxId, id } = await start(scripts.runs);
      const streams = { tty: false, stdin: false, stdout: true, stderr: true };
      const session = await runtime.exec(id, { command: ["sh", "-c", "exit 7"], ...streams });
      await Promise.all([toEnd(session.stdout), toEnd(session.stderr)]);
      expect(await session.exit).toEqual({ exitCode: 7, isTimedOut: false });
      await runtime.stopContainer(id, 0);
      await expect(runtime.exec(id, { command: ["true"], ...streams })).rejects.toThrow();
      await runtime.removeSandbox(sandboxId);
    });

    test("an image that is not there is refused with the reason", async () => {
      expect(await runtime.images.status(subject.image)).toBeDefined();
      expect(await runtime.images.status("nowhere/none:1")).toBeUndefined();
      const { id: sandboxId } = await runtime.runSandbox(subject.sandboxConfig());
      const config = { ...subject.containerConfig(scripts.runs), image: "nowhere/none:1" };
      await expect(runtime.createContainer(sandboxId, config)).rejects.toThrow("nowhere/none:1");
      await runtime.removeSandbox(sandboxId);
    });

    test("what a sandbox and a container may use changes while they run, and what is not named stays", async () => {
      const { id, sandboxId } = await start(scripts.runs);
      await runtime.updateSandboxResources(sandboxId, { cpuRequestMillis: 20, pidsLimit: 50 });
      await runtime.updateResources(id, { cpuRequestMillis: 20, memoryLimitBytes: 64 << 20 });
      await runtime.updateResources(id, { memoryLimitBytes: 96 << 20 });
      await runtime.updateResources(id, { memoryLimitBytes: 80 << 20 });
      const container = await runtime.containerStatus(id);
      expect(container).toMatchObject({
        state: "running",
        config: { resources: { cpuRequestMillis: 20, memoryLimitBytes: 80 << 20 } },
      });
      const sandbox = (await runtime.listSandboxes()).find((each) => each.id === sandboxId);
      expect(sandbox?.config.resources).toMatchObject({ cpuRequestMillis: 20, pidsLimit: 50 });
      await runtime.removeSandbox(sandboxId);
    });

    test("running containers have stats", async () => {
      const { sandboxId, id } = await start(scripts.runs);
      const stats = (await runtime.stats()).find(({ containerId }) => containerId === id);
      expect(stats).toMatchObject({ sandboxId });
      expect(stats?.memoryUsageBytes).toBeGreaterThan(0);
      await runtime.removeSandbox(sandboxId);
    });
  });
}

function untilExited(runtime: Runtime, id: string): Promise<void> {
  return untilEvent(runtime, (event) => event.type === "exited" && event.containerId === id);
}

function untilEvent(runtime: Runtime, fits: (event: RuntimeEvent) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const forget = runtime.onEvent((event) => {
      if (!fits(event)) return;
      forget();
      resolve();
    });
  });
}

async function toEnd(stream: Readable | undefined): Promise<void> {
  for await (const _ of stream ?? []) void _;
}
