import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentStream, OpenStreamRequest, StreamChunk } from "#node-agent/session/types";
import { serveStream } from "#node-agent/streams/serve";
import { createPodBench, type PodBench } from "#test/support/pod-bench";
import { testPod } from "#test/support/pods";

let bench: PodBench;
afterEach(() => bench.close());

const target = { pod: { namespace: "default", name: "web-1", uid: "uid-1" }, container: "web" };
const exec = (...command: string[]): OpenStreamRequest => ({
  ...target,
  type: "exec",
  command,
  stdin: false,
  stdout: true,
  stderr: true,
  tty: false,
});
const logs = (previous = false): OpenStreamRequest => ({
  ...target,
  type: "logs",
  options: { follow: false, previous, timestamps: false },
});

async function serve(request: OpenStreamRequest): Promise<{ text: string; status: unknown }> {
  const sent: StreamChunk[] = [];
  const stream: AgentStream = {
    chunks: (async function* () {})(),
    send: async (chunk) => void sent.push(chunk),
    signal: new AbortController().signal,
  };
  await serveStream(bench.context, request, stream);
  const text = sent.map((chunk) => (chunk.type === "data" ? String(chunk.bytes) : "")).join("");
  const last = sent.at(-1);
  return { text, status: last?.type === "status" ? last.status : undefined };
}

async function runWeb(): Promise<void> {
  bench = await createPodBench(() => ({
    exec: ([word]) => ({ exitCode: word === "false" ? 3 : 0, output: "hello" }),
  }));
  bench.start(testPod());
  await bench.until("the pod runs", () => bench.status()?.phase === "Running");
}

describe("serving a user's stream", () => {
  test("exec carries output and ends with the exit code", async () => {
    await runWeb();
    expect(await serve(exec("true"))).toEqual({
      text: "hello",
      status: { metadata: {}, status: "Success" },
    });
    expect((await serve(exec("false"))).status).toMatchObject({
      status: "Failure",
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
  });

  test("logs come from the newest container, or from the one before", async () => {
    await runWeb();
    const directory = join(bench.context.logDirectory, "default_web-1_uid-1", "web");
    await mkdir(directory, { recursive: true });
    const line = (text: string) => `2026-01-01T00:00:00.000000000Z stdout F ${text}\n`;
    await writeFile(join(directory, "0.log"), line("first"));
    await writeFile(join(directory, "1.log"), line("second"));
    expect((await serve(logs())).text).toBe("first\n");
    await expect(serve(logs(true))).rejects.toThrow(
      'previous terminated container "web" in pod "web-1" not found',
    );
    const [container] = await bench.runtime.listContainers();
    bench.runtime.exit(container?.id ?? "", 1);
    await bench.until(
      "it was restarted",
      () => bench.status()?.containerStatuses?.[0]?.restartCount === 1,
    );
    expect((await serve(logs())).text).toBe("second\n");
    expect((await serve(logs(true))).text).toBe("first\n");
  });

  test("a container that is not there is refused in words", async () => {
    await runWeb();
    const other = { ...exec("true"), container: "other" };
    await expect(serve(other)).rejects.toThrow('container "other" in pod "web-1" is not running');
    const gone = { ...exec("true"), pod: { ...target.pod, uid: "other" } };
    await expect(serve(gone)).rejects.toThrow("is not running");
  });
});
