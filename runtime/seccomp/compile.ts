import {
  type Action,
  type ArgumentTest,
  ENOSYS,
  type Profile,
  type Rule,
} from "#runtime/seccomp/profile";

/**
 * Compiles a profile to the bytes of a classic BPF program (struct sock_filter[]). Call numbers become a
 * binary tree over runs of equal verdicts, so that a call costs about seven comparisons and the filter stays
 * small: loading it is part of every container start.
 */
export interface Architecture {
  /** AUDIT_ARCH_*. */
  readonly auditArch: number;
  readonly callNumbers: ReadonlyMap<string, number>;
}

export const AUDIT_ARCH_X86_64 = 0xc000003e;
export const AUDIT_ARCH_AARCH64 = 0xc00000b7;

interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

const LD_ABS = 0x20;
const JMP_JA = 0x05;
const JMP_JEQ = 0x15;
const JMP_JGT = 0x25;
const JMP_JGE = 0x35;
const ALU_AND = 0x54;
const RET = 0x06;

const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ARGUMENTS_OFFSET = 16;
const SHORT_JUMP_LIMIT = 255;

/** A run of call numbers from `from` on, and the code that gives their verdict. */
interface Run {
  readonly from: number;
  readonly verdict: readonly Instruction[];
  readonly key: string;
}

export function compileProfile(profile: Profile, architecture: Architecture): Uint8Array {
  const program = [
    instruction(LD_ABS, ARCHITECTURE_OFFSET),
    { code: JMP_JEQ, jt: 1, jf: 0, k: architecture.auditArch },
    ret(profile.defaultAction),
    instruction(LD_ABS, NUMBER_OFFSET),
    ...tree(runs(profile, architecture.callNumbers)),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(({ code, jt, jf, k }, at) => {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(jt, at * 8 + 2);
    bytes.writeUInt8(jf, at * 8 + 3);
    bytes.writeUInt32LE(k, at * 8 + 4);
  });
  return bytes;
}

/** Calls newer than the table say ENOSYS, so that programs fall back as on an older kernel. */
function runs(profile: Profile, numbers: ReadonlyMap<string, number>): readonly Run[] {
  const rulesOf = new Map<number, Rule[]>();
  for (const rule of profile.rules) {
    for (const name of rule.names) {
      const number = numbers.get(name);
      if (number === undefined) continue;
      rulesOf.set(number, [...(rulesOf.get(number) ?? []), rule]);
    }
  }
  const known = [...numbers.values()];
  const end = Math.max(...known) + 1;
  const list: Run[] = [];
  const add = (from: number, verdict: readonly Instruction[]): void => {
    const key = JSON.stringify(verdict);
    if (list.at(-1)?.key !== key) list.push({ from, verdict, key });
  };
  for (let number = 0; number < end; number++) {
    add(number, verdictOf(rulesOf.get(number) ?? [], profile.defaultAction));
  }
  add(end, [ret({ errno: ENOSYS })]);
  return list;
}

function tree(list: readonly Run[]): readonly Instruction[] {
  const [first] = list;
  if (first === undefined) return [];
  if (list.length === 1) return first.verdict;
  const middle = list.length >> 1;
  const low = tree(list.slice(0, middle));
  const high = tree(list.slice(middle));
  const pivot = list[middle]?.from ?? 0;
  if (low.length <= SHORT_JUMP_LIMIT) {
    return [{ code: JMP_JGE, jt: low.length, jf: 0, k: pivot }, ...low, ...high];
  }
  return [
    { code: JMP_JGE, jt: 0, jf: 1, k: pivot },
    instruction(JMP_JA, low.length),
    ...low,
    ...high,
  ];
}

/** A rule without tests allows every use of the call; otherwise the first rule whose tests hold. */
function verdictOf(rules: readonly Rule[], defaultAction: Action): readonly Instruction[] {
  const plain = rules.find((rule) => rule.tests.length === 0);
  if (plain !== undefined) return [ret(plain.action)];
  return [...rules.flatMap(ruleCode), ret(defaultAction)];
}

/** Falls through past its end when a test fails. */
function ruleCode(rule: Rule): readonly Instruction[] {
  let code: readonly Instruction[] = [ret(rule.action)];
  for (const test of [...rule.tests].reverse()) code = testCode(test, code);
  return code;
}

/** Runs `then` when the test holds, else jumps past it. Arguments are 64 bits: high half first. */
function testCode(test: ArgumentTest, then: readonly Instruction[]): readonly Instruction[] {
  const low = ARGUMENTS_OFFSET + 8 * test.index;
  const isMasked = test.op === "maskedEq";
  const expected = isMasked ? (test.valueTwo ?? 0n) : test.value;
  const [valueHigh, valueLow] = halves(expected);
  const [maskHigh, maskLow] = isMasked ? halves(test.value) : [0, 0];
  const load = (offset: number, mask: number): Instruction[] =>
    isMasked
      ? [instruction(LD_ABS, offset), instruction(ALU_AND, mask)]
      : [instruction(LD_ABS, offset)];
  const loadHigh = load(low + 4, maskHigh);
  const loadLow = load(low, maskLow);
  const past = then.length;
  const whole = loadLow.length + 1;
  if (test.op === "eq" || isMasked) {
    return [
      ...loadHigh,
      { code: JMP_JEQ, jt: 0, jf: whole + past, k: valueHigh },
      ...loadLow,
      { code: JMP_JEQ, jt: 0, jf: past, k: valueLow },
      ...then,
    ];
  }
  if (test.op === "ne") {
    return [
      ...loadHigh,
      { code: JMP_JEQ, jt: 0, jf: whole, k: valueHigh },
      ...loadLow,
      { code: JMP_JEQ, jt: past, jf: 0, k: valueLow },
      ...then,
    ];
  }
  return orderCode(test.op, { loadHigh, loadLow, valueHigh, valueLow }, then);
}

function orderCode(
  op: "lt" | "le" | "gt" | "ge",
  at: {
    loadHigh: readonly Instruction[];
    loadLow: readonly Instruction[];
    valueHigh: number;
    valueLow: number;
  },
  then: readonly Instruction[],
): readonly Instruction[] {
  const past = then.length;
  const isUpward = op === "gt" || op === "ge";
  const code = op === "gt" || op === "le" ? JMP_JGT : JMP_JGE;
  const lowTest: Instruction = isUpward
    ? { code, jt: 0, jf: past, k: at.valueLow }
    : { code, jt: past, jf: 0, k: at.valueLow };
  const rest = at.loadLow.length + 1;
  const above: Instruction = isUpward
    ? { code: JMP_JGT, jt: 1 + rest, jf: 0, k: at.valueHigh }
    : { code: JMP_JGT, jt: 1 + rest + past, jf: 0, k: at.valueHigh };
  const below: Instruction = isUpward
    ? { code: JMP_JEQ, jt: 0, jf: rest + past, k: at.valueHigh }
    : { code: JMP_JEQ, jt: 0, jf: rest, k: at.valueHigh };
  return [...at.loadHigh, above, below, ...at.loadLow, lowTest, ...then];
}

function halves(value: bigint): [number, number] {
  return [Number((value >> 32n) & 0xffffffffn), Number(value & 0xffffffffn)];
}

function instruction(code: number, k: number): Instruction {
  return { code, jt: 0, jf: 0, k };
}

function ret(action: Action): Instruction {
  return instruction(RET, actionCode(action));
}

function actionCode(action: Action): number {
  if (typeof action === "object") return 0x00050000 | (action.errno & 0xffff);
  return { allow: 0x7fff0000, log: 0x7ffc0000, trap: 0x00030000, kill: 0x80000000 }[action];
}
