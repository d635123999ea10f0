import { once } from "node:events";

/** Writes a result as it is, and waits while the reader has enough to read. */
export async function writeOut(chunk: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
}
