import { expect, test } from "vitest";
import { LiveArea } from "#cli/live-area";
import { countedBytes, WaitingLine } from "#cli/waiting";

/** A terminal, or a pipe, that keeps what it is sent. */
function screen(isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly sent: string[] } {
  const sent: string[] = [];
  const stream = { isTTY, columns: 40, rows: 4, write: (text: string) => sent.push(text) > 0 };
  return { stream: stream as unknown as NodeJS.WriteStream, sent };
}

test("a waiting line says what is waited for and since when, and takes itself away", () => {
  const { stream, sent } = screen(true);
  const line = new WaitingLine(new LiveArea(stream));
  line.show("waiting for the API server");
  line.end();
  expect(sent).toEqual(["waiting for the API server  0.0 s\n", "\u001b[1A\u001b[J"]);
});

test("a pipe gets nothing of it", () => {
  const { stream, sent } = screen(false);
  const line = new WaitingLine(new LiveArea(stream));
  line.show("waiting for the API server");
  line.end();
  expect(sent).toEqual([]);
});

test("what does not fit is cut: the end of a log, the beginning of a table", () => {
  const lines = ["header", "1", "2", "3", "4"];
  for (const [keeps, shown] of [
    ["end", "2\n3\n4\n"],
    ["start", "header\n1\n2\n"],
  ] as const) {
    const { stream, sent } = screen(true);
    new LiveArea(stream, keeps).show(lines);
    expect(sent).toEqual([shown]);
  }
});

test("bytes that are counted come through as they are", async () => {
  const chunks = [new Uint8Array([1, 2]), new Uint8Array([3])];
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const through: Uint8Array[] = [];
  for await (const chunk of countedBytes(source(), "writing")) through.push(chunk);
  expect(through).toEqual(chunks);
});
