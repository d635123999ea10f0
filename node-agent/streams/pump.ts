import type { Readable, Writable } from "node:stream";
import { errorChain } from "#kit/log";
import type { AgentStream } from "#node-agent/session/types";
import { failure } from "#node-agent/streams/status";
import type { ExecSession } from "#runtime/runtime";

/**
 * Carries bytes between a user's stream and a process, both ways with the slower side's pace, then `outcome` of
 * its exit code.
 */
export async function pumpSession(
  session: ExecSession,
  stream: AgentStream,
  outcome: (exitCode: number) => unknown,
): Promise<void> {
  const close = (): void => session.close();
  stream.signal.addEventListener("abort", close, { once: true });
  try {
    // Input is not waited for: a command that ends does not read the rest.
    const input = feed(session, stream);
    input.catch(close);
    await Promise.all([send(session.stdout, stream, 1), send(session.stderr, stream, 2)]);
    const { exitCode } = await session.exit;
    await stream.send({ type: "status", status: outcome(exitCode) });
  } catch (error) {
    if (stream.signal.aborted) return;
    await stream.send({ type: "status", status: failure(errorChain(error)) });
  } finally {
    stream.signal.removeEventListener("abort", close);
    session.close();
  }
}

async function send(
  source: Readable | undefined,
  stream: AgentStream,
  channel: 1 | 2,
): Promise<void> {
  if (!source) return;
  for await (const chunk of source) {
    await stream.send({ type: "data", channel, bytes: chunk as Uint8Array });
  }
}

async function feed(session: ExecSession, stream: AgentStream): Promise<void> {
  for await (const chunk of stream.chunks) {
    if (chunk.type === "resize") session.resize(chunk.width, chunk.height);
    else if (chunk.type === "end" && chunk.channel === 0) session.stdin?.end();
    else if (chunk.type === "data" && chunk.channel === 0) {
      await write(session.stdin, chunk.bytes);
    }
  }
  session.stdin?.end();
}

export async function write(target: Writable | undefined, bytes: Uint8Array): Promise<void> {
  if (!target || target.destroyed || target.writableEnded) return;
  if (target.write(bytes)) return;
  // A target that closes while it is full takes no more: the next write sees it.
  await new Promise<void>((resolve) => {
    const done = (): void => {
      target.off("drain", done);
      target.off("close", done);
      resolve();
    };
    target.on("drain", done);
    target.on("close", done);
  });
}
