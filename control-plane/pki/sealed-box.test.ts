import { describe, expect, test } from "vitest";
import { open, seal } from "#control-plane/pki/sealed-box";

describe("a sealed box", () => {
  test("opens with its passphrase and with no other", async () => {
    const box = await seal("the key", "a passphrase of some length");
    expect(Buffer.from(box).toString()).not.toContain("the key");
    expect(await open(box, "a passphrase of some length")).toBe("the key");
    expect(await open(box, "another passphrase")).toBeUndefined();
  });

  test("gives nothing when one byte of it was changed", async () => {
    const { sealed, ...rest } = JSON.parse(
      Buffer.from(await seal("the key", "a passphrase of some length")).toString(),
    ) as { sealed: string };
    const bytes = Buffer.from(sealed, "base64");
    bytes[0] = (bytes[0] as number) ^ 1;
    const forged = Buffer.from(JSON.stringify({ ...rest, sealed: bytes.toString("base64") }));
    expect(await open(forged, "a passphrase of some length")).toBeUndefined();
  });

  test("is never the same twice", async () => {
    const [one, other] = await Promise.all([seal("x", "passphrase"), seal("x", "passphrase")]);
    expect(Buffer.from(one as Uint8Array).equals(other as Uint8Array)).toBe(false);
  });
});
