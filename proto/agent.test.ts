import { expect, test } from "vitest";
import { ServerMessageCodec } from "#proto/agent";

test("64-bit fields are decoded as numbers, whichever packages are installed", () => {
  const logs = { tailLines: -1, limitBytes: 5_000_000_000 };
  const bytes = ServerMessageCodec.encode({ openStream: { streamId: "x", logs } }).finish();
  expect(ServerMessageCodec.decode(bytes).openStream?.logs).toMatchObject(logs);
});
