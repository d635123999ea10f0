import type { Header, Pack } from "tar-stream";
import { drained } from "#runtime/images/drained";
import { packTar } from "#runtime/images/file-capabilities";
import type { TarHeader } from "#runtime/images/snapshots/rewrite";

/** Writes a tar in order; `produce` fills it while the caller reads the bytes. */
export interface TarSink {
  put(header: TarHeader, content?: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
}

export function writeTar(produce: (sink: TarSink) => Promise<void>): AsyncIterable<Uint8Array> {
  const out = packTar();
  const sink: TarSink = {
    async put(header, content) {
      if (content === undefined || content instanceof Uint8Array) {
        await putWhole(out, header, content ?? new Uint8Array());
      } else await putStream(out, header, content);
    },
  };
  void produce(sink).then(
    () => out.finalize(),
    (error: unknown) => out.destroy(error as Error), // the reader of the bytes gets it
  );
  return out as unknown as AsyncIterable<Uint8Array>;
}

function putWhole(out: Pack, header: TarHeader, content: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    out.entry(
      header as Header,
      Buffer.from(content.buffer, content.byteOffset, content.length),
      (error) => (error ? reject(error) : resolve()),
    );
  });
}

async function putStream(
  out: Pack,
  header: TarHeader,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  let settle: (error?: Error | null) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error ? reject(error) : resolve());
  });
  ended.catch(() => undefined); // awaited below, unless the content fails first
  const sink = out.entry(header as Header, (error) => settle(error));
  for await (const chunk of content) {
    if (!sink.write(chunk) && !sink.destroyed) await drained(sink);
    if (sink.destroyed) throw new Error("nobody reads the tar any more");
  }
  sink.end(null);
  await ended;
}
