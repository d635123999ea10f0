import type { Header } from "tar-stream";
import { packTar } from "#runtime/images/file-capabilities";
import type { TarHeader } from "#runtime/images/snapshots/rewrite";

/** Builds a tar in memory from literal entries: what the tests of layers are written in. */
export async function tarOf(
  entries: readonly (TarHeader & { readonly content?: string })[],
): Promise<Buffer> {
  const out = packTar();
  for (const { content, ...header } of entries) {
    const full = { mode: 0o644, mtime: new Date(0), ...header } as Header;
    out.entry(full, content ?? "");
  }
  out.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of out as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
