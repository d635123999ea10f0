import type { NodeStream } from "#control-plane/apiserver/node-streams";

/** One TCP connection of the user's, whatever protocol carries it. */
export interface ForwardedConnection {
  /** From the user, to the half-close. One consumer. */
  readonly chunks: AsyncIterable<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  /** The pod sends no more. */
  end(): void;
}

/**
 * Passes bytes between the user and a port of the pod, each direction waiting for its receiver. Resolves with
 * what went wrong, in words for the user; undefined when it ended well.
 */
export async function forward(
  user: ForwardedConnection,
  node: NodeStream,
): Promise<string | undefined> {
  const left = new AbortController();
  const upload = passUp(user, node, left);
  let problem: string | undefined;
  try {
    for await (const chunk of node.chunks) {
      if (chunk.type === "data") await user.write(chunk.bytes);
      if (chunk.type === "end") user.end();
      if (chunk.type === "status") problem = problemOf(chunk.status);
    }
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    node.cancel();
  }
  user.end();
  await upload;
  return left.signal.aborted ? undefined : problem;
}

/**
 * Aborts `left` when it is the user who broke it off, which is no problem to tell: kubectl resets each
 * connection that it is done with, and gives up all of them when an error is reported.
 */
async function passUp(
  user: ForwardedConnection,
  node: NodeStream,
  left: AbortController,
): Promise<void> {
  const chunks = user.chunks[Symbol.asyncIterator]();
  const next = () =>
    chunks.next().catch((error: unknown) => {
      left.abort();
      throw error;
    });
  try {
    for (let chunk = await next(); !chunk.done; chunk = await next()) {
      await node.send({ type: "data", channel: 1, bytes: chunk.value });
    }
    await node.send({ type: "end", channel: 1 });
  } catch {
    // The user or the node is gone: the node's side must not wait for more; its end reports the rest.
    node.cancel();
  }
}

function problemOf(status: unknown): string | undefined {
  const { status: outcome, message } = status as { status?: string; message?: string };
  return outcome === "Failure" ? (message ?? "unknown error") : undefined;
}
