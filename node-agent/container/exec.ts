import type { Readable } from "node:stream";
import type { ExecOutcome } from "#node-agent/probes/probe";
import type { Runtime } from "#runtime/runtime";

/** What of a probe's or hook's output is kept. */
const maxOutputBytes = 10 << 10;

/** Runs a command in a container to its end, for probes and hooks. */
export async function execToEnd(
  runtime: Runtime,
  id: string,
  command: readonly string[],
  timeoutMs: number,
): Promise<ExecOutcome> {
  const streams = { tty: false, stdin: false, stdout: true, stderr: true };
  const session = await runtime.exec(id, { command, ...streams, timeoutMs });
  const [stdout, stderr, exit] = await Promise.all([
    collect(session.stdout),
    collect(session.stderr),
    session.exit,
  ]);
  return { ...exit, output: (stdout + stderr).slice(0, maxOutputBytes) };
}

async function collect(stream: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream ?? []) {
    const bytes = Buffer.from(chunk as Uint8Array);
    if (size < maxOutputBytes) chunks.push(bytes);
    size += bytes.length;
  }
  return Buffer.concat(chunks).subarray(0, maxOutputBytes).toString("utf8");
}
