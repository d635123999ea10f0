import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeviceRule } from "#runtime/cgroups/controller";
import { deviceProgram } from "#runtime/cgroups/device-program";
import { defaultDevices } from "#runtime/cgroups/devices";

interface Request {
  readonly kind: "b" | "c";
  /** Of "rwm". */
  readonly access: string;
  readonly major: number;
  readonly minor: number;
}

const accessBits = (access: string): number =>
  (access.includes("m") ? 1 : 0) | (access.includes("r") ? 2 : 0) | (access.includes("w") ? 4 : 0);

/** The few instructions that these programs are made of, as the kernel runs them. */
function ask(program: Uint8Array, { kind, access, major, minor }: Request): number {
  const code = Buffer.from(program);
  const context = [(accessBits(access) << 16) | (kind === "b" ? 1 : 2), major, minor];
  const registers = Array.from({ length: 11 }, () => 0);
  for (let at = 0; at < code.length / 8; at++) {
    const bytes = code.subarray(at * 8, at * 8 + 8);
    const to = (bytes[1] ?? 0) & 15;
    const from = registers[(bytes[1] ?? 0) >> 4] ?? 0;
    const number = bytes.readInt32LE(4);
    const offset = bytes.readInt16LE(2);
    const value = registers[to] ?? 0;
    if (bytes[0] === 0x61) registers[to] = context[offset / 4] ?? 0;
    else if (bytes[0] === 0xbc) registers[to] = from;
    else if (bytes[0] === 0x54) registers[to] = value & number;
    else if (bytes[0] === 0x74) registers[to] = value >>> number;
    else if (bytes[0] === 0xb7) registers[to] = number;
    else if (bytes[0] === 0x55) at += value === number ? 0 : offset;
    else if (bytes[0] === 0x5d) at += value === from ? 0 : offset;
    else if (bytes[0] === 0x95) return registers[0] ?? 0;
    else throw new Error(`instruction ${bytes[0]}`);
  }
  throw new Error("the program has no end");
}

function isAllowed(rules: readonly DeviceRule[], { kind, access, major, minor }: Request): boolean {
  return rules.some((rule) => {
    const [, ruleKind, ruleMajor, ruleMinor] = /^(.) (.+):(.+)$/.exec(rule.device) ?? [];
    return (
      ruleKind === kind &&
      access.split("").every((letter) => rule.access.includes(letter)) &&
      ["*", String(major)].includes(ruleMajor ?? "") &&
      ["*", String(minor)].includes(ruleMinor ?? "")
    );
  });
}

const kind = fc.constantFrom("b" as const, "c" as const);
const access = fc.constantFrom("r", "w", "m", "rw", "rwm");
const number = fc.integer({ min: 0, max: 3 });
const ruleNumber = fc.oneof(fc.constant("*"), number.map(String));
const rule = fc
  .tuple(kind, ruleNumber, ruleNumber, access)
  .map(([type, major, minor, allowed]) => ({
    device: `${type} ${major}:${minor}`,
    access: allowed,
  }));

describe("the device program", () => {
  test("allows what a rule allows and nothing else", () => {
    const request = fc.record({ kind, access, major: number, minor: number });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), request, (rules, asked) => {
        expect(ask(deviceProgram(rules), asked)).toBe(isAllowed(rules, asked) ? 1 : 0);
      }),
    );
  });

  test("a container uses its null device and may not read a disk", () => {
    const program = deviceProgram(defaultDevices);
    expect(ask(program, { kind: "c", access: "rw", major: 1, minor: 3 })).toBe(1);
    expect(ask(program, { kind: "b", access: "m", major: 8, minor: 0 })).toBe(1);
    expect(ask(program, { kind: "b", access: "r", major: 8, minor: 0 })).toBe(0);
  });
});
