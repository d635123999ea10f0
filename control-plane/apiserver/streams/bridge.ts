import { StatusError } from "#api/machinery/status-error";
import type { NodeStream, StreamChunk } from "#control-plane/apiserver/node-streams";

/** The user's end of exec or attach, whatever protocol carries it. */
export interface RemoteUser {
  /** stdin, its end, and resizes; ends when the user is gone. One consumer. */
  readonly input: AsyncIterable<StreamChunk>;
  /** Resolves when there is room for more. */
  write(channel: 1 | 2, bytes: Uint8Array): Promise<void>;
  /** The outcome, then the end. */
  finish(status: unknown): Promise<void>;
  /** Aborted when the user's connection is gone. */
  readonly gone: AbortSignal;
}

/**
 * Passes bytes both ways until the node says how it ended or the user is gone. Each direction waits for its
 * receiver, so a slow side slows the other down and nothing piles up here. Never rejects for what the peers do.
 */
export async function bridge(user: RemoteUser, node: NodeStream): Promise<void> {
  const giveUp = (): void => node.cancel();
  user.gone.addEventListener("abort", giveUp, { once: true });
  if (user.gone.aborted) giveUp();
  const input = passInput(user, node);
  try {
    const status = await passOutput(user, node);
    await user.finish(status ?? failure(new Error("the node closed the stream without a status")));
  } catch (error) {
    node.cancel();
    if (!user.gone.aborted) await user.finish(failure(error)).catch(() => undefined);
  } finally {
    user.gone.removeEventListener("abort", giveUp);
  }
  await input;
}

async function passOutput(user: RemoteUser, node: NodeStream): Promise<unknown> {
  for await (const chunk of node.chunks) {
    if (chunk.type === "status") return chunk.status;
    if (chunk.type === "data" && chunk.channel !== 0) await user.write(chunk.channel, chunk.bytes);
  }
  return undefined;
}

/** A process may end before it has read its input: then what is left has no receiver, and that is no error. */
async function passInput(user: RemoteUser, node: NodeStream): Promise<void> {
  try {
    for await (const chunk of user.input) await node.send(chunk);
  } catch {
    // Whichever side broke, the output's side reports it.
  }
}

export function failure(error: unknown): unknown {
  if (error instanceof StatusError) return error.status;
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError(500, "InternalError", message).status;
}
