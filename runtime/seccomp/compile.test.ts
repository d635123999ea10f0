import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AUDIT_ARCH_X86_64, compileProfile } from "#runtime/seccomp/compile";
import { type ArgumentTest, defaultProfile, type Profile } from "#runtime/seccomp/profile";

const ALLOW = 0x7fff0000;
const errno = (number: number): number => 0x00050000 | number;

const callNumbers = new Map([
  ["read", 0],
  ["write", 1],
  ["socket", 41],
  ["clone", 56],
  ["mount", 165],
  ["keyctl", 250],
  ["clone3", 435],
]);

/** Runs a filter as the kernel would. */
function verdict(
  program: Uint8Array,
  call: { nr: number; arch?: number; args?: readonly bigint[] },
): number {
  const bytes = Buffer.from(program);
  const data = Buffer.alloc(64);
  data.writeInt32LE(call.nr, 0);
  data.writeUInt32LE(call.arch ?? AUDIT_ARCH_X86_64, 4);
  (call.args ?? []).forEach((value, index) => data.writeBigUInt64LE(value, 16 + 8 * index));
  let accumulator = 0;
  for (let at = 0; at < bytes.length / 8; at++) {
    const code = bytes.readUInt16LE(at * 8);
    const jt = bytes.readUInt8(at * 8 + 2);
    const jf = bytes.readUInt8(at * 8 + 3);
    const k = bytes.readUInt32LE(at * 8 + 4);
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x05) at += k;
    else if (code === 0x15) at += accumulator === k ? jt : jf;
    else if (code === 0x25) at += accumulator > k ? jt : jf;
    else if (code === 0x35) at += accumulator >= k ? jt : jf;
    else if (code === 0x06) return k;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("the filter ran past its end");
}

const compile = (profile: Profile): Uint8Array =>
  compileProfile(profile, { auditArch: AUDIT_ARCH_X86_64, callNumbers });

describe("the default profile", () => {
  const filter = compile(defaultProfile(new Set(["CHOWN"])));

  test("allows ordinary calls and refuses the others with EPERM", () => {
    expect(verdict(filter, { nr: 0 })).toBe(ALLOW);
    expect(verdict(filter, { nr: 165 })).toBe(errno(1));
    expect(verdict(filter, { nr: 250 })).toBe(errno(1));
  });

  test("says ENOSYS for clone3 and for calls newer than its table, EPERM for another architecture", () => {
    expect(verdict(filter, { nr: 435 })).toBe(errno(38));
    expect(verdict(filter, { nr: 1000 })).toBe(errno(38));
    expect(verdict(filter, { nr: 0, arch: 0x40000003 })).toBe(errno(1));
  });

  test("allows clone without new namespaces, and sockets that are not vsock", () => {
    expect(verdict(filter, { nr: 56, args: [0x11n] })).toBe(ALLOW);
    expect(verdict(filter, { nr: 56, args: [0x10000000n] })).toBe(errno(1));
    expect(verdict(filter, { nr: 41, args: [2n] })).toBe(ALLOW);
    expect(verdict(filter, { nr: 41, args: [40n] })).toBe(errno(1));
  });

  test("opens mount and clone to a holder of SYS_ADMIN", () => {
    const wide = compile(defaultProfile(new Set(["SYS_ADMIN"])));
    expect(verdict(wide, { nr: 165 })).toBe(ALLOW);
    expect(verdict(wide, { nr: 435 })).toBe(ALLOW);
    expect(verdict(wide, { nr: 56, args: [0x10000000n] })).toBe(ALLOW);
  });
});

const tests: Record<ArgumentTest["op"], (value: bigint, than: bigint, two: bigint) => boolean> = {
  eq: (value, than) => value === than,
  ne: (value, than) => value !== than,
  lt: (value, than) => value < than,
  le: (value, than) => value <= than,
  gt: (value, than) => value > than,
  ge: (value, than) => value >= than,
  maskedEq: (value, mask, two) => (value & mask) === two,
};

describe("the compiler", () => {
  const word = fc.oneof(
    fc.bigInt(0n, 4n),
    fc.bigInt(0n, (1n << 64n) - 1n),
    fc.bigInt(0xfffffffen, 0x100000001n),
  );
  const op = fc.constantFrom(...(Object.keys(tests) as ArgumentTest["op"][]));

  test("compares 64-bit arguments as numbers", () => {
    fc.assert(
      fc.property(op, word, word, word, (operator, argument, value, two) => {
        const rule = { index: 2, op: operator, value, valueTwo: two };
        const filter = compile({
          defaultAction: { errno: 1 },
          rules: [{ names: ["write"], action: "allow", tests: [rule] }],
        });
        const expected = tests[operator](argument, value, two) ? ALLOW : errno(1);
        expect(verdict(filter, { nr: 1, args: [0n, 0n, argument] })).toBe(expected);
      }),
    );
  });

  test("gives each call its own verdict whatever the set of allowed calls", () => {
    const numbers = new Map(Array.from({ length: 400 }, (_, number) => [`call${number}`, number]));
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(398), { maxLength: 300 }), (allowed) => {
        const names = allowed.map((number) => `call${number}`);
        const profile: Profile = {
          defaultAction: { errno: 1 },
          rules: [{ names, action: "allow", tests: [] }],
        };
        const filter = compileProfile(profile, {
          auditArch: AUDIT_ARCH_X86_64,
          callNumbers: numbers,
        });
        for (let nr = 0; nr < 399; nr++) {
          expect(verdict(filter, { nr })).toBe(allowed.includes(nr) ? ALLOW : errno(1));
        }
      }),
      { numRuns: 20 },
    );
  });
});
