import type { CapabilityName } from "#runtime/plan/capabilities";
import type { Action, ArgumentTest, Profile, Rule } from "#runtime/seccomp/profile";

/** The JSON of a Localhost profile, as the OCI runtime-spec and Docker write it. */
interface ProfileFile {
  readonly defaultAction?: string;
  readonly defaultErrnoRet?: number;
  readonly syscalls?: readonly {
    readonly names?: readonly string[];
    readonly action?: string;
    readonly errnoRet?: number;
    readonly args?: readonly {
      readonly index: number;
      readonly value: number;
      readonly valueTwo?: number;
      readonly op: string;
    }[];
    readonly includes?: { readonly caps?: readonly string[] };
    readonly excludes?: { readonly caps?: readonly string[] };
  }[];
}

const operators: Readonly<Record<string, ArgumentTest["op"]>> = {
  SCMP_CMP_EQ: "eq",
  SCMP_CMP_NE: "ne",
  SCMP_CMP_LT: "lt",
  SCMP_CMP_LE: "le",
  SCMP_CMP_GT: "gt",
  SCMP_CMP_GE: "ge",
  SCMP_CMP_MASKED_EQ: "maskedEq",
};

export function parseProfile(text: string, capabilities: ReadonlySet<CapabilityName>): Profile {
  const file = JSON.parse(text) as ProfileFile;
  const held = new Set([...capabilities].map((name) => `CAP_${name}`));
  const rules = (file.syscalls ?? [])
    .filter((entry) => (entry.includes?.caps ?? []).every((name) => held.has(name)))
    .filter((entry) => !(entry.excludes?.caps ?? []).some((name) => held.has(name)))
    .map(
      (entry): Rule => ({
        names: entry.names ?? [],
        action: parseAction(entry.action, entry.errnoRet),
        tests: (entry.args ?? []).map(parseTest),
      }),
    );
  return { defaultAction: parseAction(file.defaultAction, file.defaultErrnoRet), rules };
}

function parseAction(name: string | undefined, errno = 1): Action {
  switch (name) {
    case "SCMP_ACT_ALLOW":
      return "allow";
    case "SCMP_ACT_LOG":
      return "log";
    case "SCMP_ACT_TRAP":
      return "trap";
    case "SCMP_ACT_KILL":
    case "SCMP_ACT_KILL_THREAD":
    case "SCMP_ACT_KILL_PROCESS":
      return "kill";
    case "SCMP_ACT_ERRNO":
      return { errno };
    default:
      throw new Error(`unknown seccomp action ${JSON.stringify(name)}`);
  }
}

function parseTest(argument: {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}): ArgumentTest {
  const op = operators[argument.op];
  if (op === undefined) throw new Error(`unknown seccomp operator ${argument.op}`);
  const valueTwo = BigInt(argument.valueTwo ?? 0);
  return { index: argument.index, op, value: BigInt(argument.value), valueTwo };
}
