import type { Readable, Writable } from "node:stream";
import type { AgentStream } from "#node-agent/session/types";
import { write } from "#node-agent/streams/pump";
import { success } from "#node-agent/streams/status";

interface Forward {
  readonly readable: Readable;
  readonly writable: Writable;
  close(): void;
}

/** Carries bytes between a user's stream and a port in a pod; each direction may end before the other. */
export async function forwardPort(forward: Forward, stream: AgentStream): Promise<void> {
  const close = (): void => forward.close();
  stream.signal.addEventListener("abort", close, { once: true });
  try {
    await Promise.all([fromPod(forward, stream), toPod(forward, stream)]);
    await stream.send({ type: "status", status: success });
  } finally {
    stream.signal.removeEventListener("abort", close);
    forward.close();
  }
}

async function fromPod({ readable }: Forward, stream: AgentStream): Promise<void> {
  for await (const chunk of readable) {
    await stream.send({ type: "data", channel: 1, bytes: chunk as Uint8Array });
  }
  await stream.send({ type: "end", channel: 1 });
}

async function toPod({ writable }: Forward, stream: AgentStream): Promise<void> {
  for await (const chunk of stream.chunks) {
    if (chunk.type === "end") break;
    if (chunk.type === "data") await write(writable, chunk.bytes);
  }
  writable.end();
}
