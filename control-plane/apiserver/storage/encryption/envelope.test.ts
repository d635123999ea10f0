import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyIdOf, open, seal } from "#control-plane/apiserver/storage/encryption/envelope";
import {
  KEY_BYTES,
  makeKey,
  parseRing,
  ringText,
} from "#control-plane/apiserver/storage/encryption/key-ring";

const key = makeKey(randomBytes(KEY_BYTES));
const other = makeKey(randomBytes(KEY_BYTES));
const PLACE = "/registry/core/secrets/default/a";

describe("an encrypted value", () => {
  test("opens to what it was, with the key that it names", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (plain) => {
        const sealed = seal(key, PLACE, plain);
        expect(keyIdOf(sealed)).toBe(key.id);
        const opened = open([other, key], PLACE, sealed);
        expect(opened).toEqual({ type: "plain", value: Buffer.from(plain) });
      }),
    );
  });

  test("starts with Kubernetes' form of a prefix and differs each time", () => {
    const [one, two] = [seal(key, PLACE, Buffer.from("x")), seal(key, PLACE, Buffer.from("x"))];
    expect(Buffer.from(one).toString("latin1")).toMatch(
      new RegExp(`^k8s:enc:aesgcm:v1:${key.id}:`),
    );
    expect(one).not.toEqual(two);
  });

  test("does not open when any bit of it is changed, or when it is cut short", () => {
    const sealed = Buffer.from(seal(key, PLACE, Buffer.from("a secret")));
    const begin = `k8s:enc:aesgcm:v1:${key.id}:`.length;
    for (let at = begin; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(open([key], PLACE, changed)).toEqual({ type: "damaged", keyId: key.id });
    }
    for (let length = begin; length < sealed.length; length++) {
      const cut = sealed.subarray(0, length);
      expect(open([key], PLACE, cut)).toEqual({ type: "damaged", keyId: key.id });
    }
  });

  test("does not open at another place in the store", () => {
    const sealed = seal(key, PLACE, Buffer.from("a secret"));
    expect(open([key], `${PLACE}b`, sealed).type).toBe("damaged");
  });

  test("names the key that is missing", () => {
    const sealed = seal(key, PLACE, Buffer.from("a secret"));
    expect(open([other], PLACE, sealed)).toEqual({ type: "unknownKey", keyId: key.id });
  });

  test("that was never encrypted is given as it is", () => {
    const value = Buffer.from('{"kind":"Secret"}');
    expect(open([key], PLACE, value)).toEqual({ type: "unencrypted", value });
  });
});

describe("the keys", () => {
  test("are the same after writing and reading", () => {
    expect(parseRing(ringText([key, other]), "the keys")).toEqual([key, other]);
  });

  test("are refused when one is not what its id says", () => {
    const text = ringText([key]).replace(key.id, other.id);
    expect(() => parseRing(text, "the keys")).toThrow(
      `the keys are damaged: key ${other.id} is not what its id says; restore a backup`,
    );
  });
});
