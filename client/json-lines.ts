/**
 * Splits a byte stream into lines and parses each as JSON. A line that grows over the limit is an error, so
 * that a peer cannot fill the memory. An unfinished last line is an error too: the stream was cut.
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<unknown, void, undefined> {
  let parts: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      pendingBytes += end - start;
      if (pendingBytes > maxLineBytes) throw tooLong(maxLineBytes);
      if (pendingBytes > 0) yield JSON.parse(Buffer.concat(parts).toString());
      parts = [];
      pendingBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > maxLineBytes) throw tooLong(maxLineBytes);
  }
  if (pendingBytes > 0) throw new Error("the stream ended in the middle of a line");
}

function tooLong(maxLineBytes: number): Error {
  return new Error(`a line of the stream is longer than the limit of ${maxLineBytes} bytes`);
}
