import type { DeviceRule } from "#runtime/cgroups/controller";

/*
 * The kernel asks a program of this type at each mknod and open, with a context of three 32-bit numbers
 * (linux/bpf.h, struct bpf_cgroup_dev_ctx): access << 16 | kind, major, minor. 1 allows, 0 refuses.
 */
const KINDS: Readonly<Record<string, number>> = { b: 1, c: 2 };
/** The bit of each is its place. */
const ACCESSES = ["m", "r", "w"];
const EVERY_ACCESS = 7;

const LOAD_32 = 0x61;
const MOVE_32 = 0xbc;
const AND_32 = 0x54;
const SHIFT_RIGHT_32 = 0x74;
const MOVE_NUMBER = 0xb7;
const JUMP_UNLESS_NUMBER = 0x55;
const JUMP_UNLESS_REGISTER = 0x5d;
const EXIT = 0x95;

const ANSWER = 0;
const CONTEXT = 1;
/** The context once all of it was read. */
const SCRATCH = 1;
const KIND = 2;
const ACCESS = 3;
const MAJOR = 4;
const MINOR = 5;

interface Instruction {
  readonly code: number;
  readonly to?: number;
  readonly from?: number;
  readonly offset?: number;
  readonly number?: number;
}

const answer = (number: number): readonly Instruction[] => [
  { code: MOVE_NUMBER, to: ANSWER, number },
  { code: EXIT },
];

/** A program for the kernel that allows what one of the rules allows, and nothing else. */
export function deviceProgram(rules: readonly DeviceRule[]): Uint8Array {
  const instructions: readonly Instruction[] = [
    { code: LOAD_32, to: KIND, from: CONTEXT, offset: 0 },
    { code: LOAD_32, to: MAJOR, from: CONTEXT, offset: 4 },
    { code: LOAD_32, to: MINOR, from: CONTEXT, offset: 8 },
    { code: MOVE_32, to: ACCESS, from: KIND },
    { code: AND_32, to: KIND, number: 0xffff },
    { code: SHIFT_RIGHT_32, to: ACCESS, number: 16 },
    ...rules.flatMap(ruleInstructions),
    ...answer(0),
  ];
  return Buffer.concat(instructions.map(encode));
}

/** Each test that fails jumps behind the rule: to the next one, or to the refusal. */
function ruleInstructions({ device, access }: DeviceRule): readonly Instruction[] {
  const [kind = "", numbers = ""] = device.split(" ");
  const [major = "*", minor = "*"] = numbers.split(":");
  const allowed = ACCESSES.reduce(
    (mask, letter, bit) => mask | (access.includes(letter) ? 1 << bit : 0),
    0,
  );
  const tests: readonly Instruction[] = [
    { code: JUMP_UNLESS_NUMBER, to: KIND, number: KINDS[kind] ?? 0 },
    ...(allowed === EVERY_ACCESS
      ? []
      : [
          { code: MOVE_32, to: SCRATCH, from: ACCESS },
          { code: AND_32, to: SCRATCH, number: allowed },
          { code: JUMP_UNLESS_REGISTER, to: SCRATCH, from: ACCESS },
        ]),
    ...(major === "*" ? [] : [{ code: JUMP_UNLESS_NUMBER, to: MAJOR, number: Number(major) }]),
    ...(minor === "*" ? [] : [{ code: JUMP_UNLESS_NUMBER, to: MINOR, number: Number(minor) }]),
  ];
  const body = [...tests, ...answer(1)];
  return body.map((instruction, place) =>
    isJump(instruction) ? { ...instruction, offset: body.length - place - 1 } : instruction,
  );
}

function isJump({ code }: Instruction): boolean {
  return code === JUMP_UNLESS_NUMBER || code === JUMP_UNLESS_REGISTER;
}

/** struct bpf_insn: code, registers, offset, number. */
function encode({ code, to = 0, from = 0, offset = 0, number = 0 }: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(to | (from << 4), 1);
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(number, 4);
  return bytes;
}
