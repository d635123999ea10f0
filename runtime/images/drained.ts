/** Resolves when a writable takes more, or is gone; Node's streams and streamx's (tar-stream) alike. */
export function drained(stream: {
  once(event: "drain" | "close", done: () => void): unknown;
  off(event: "drain" | "close", done: () => void): unknown;
}): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done);
      stream.off("close", done);
      resolve();
    };
    stream.once("drain", done);
    stream.once("close", done);
  });
}
