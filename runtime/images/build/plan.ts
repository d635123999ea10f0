import { BuildError } from "#runtime/images/build/build-error";
import type { Dockerfile, Instruction } from "#runtime/images/build/dockerfile";
import { splitWords, type Variables } from "#runtime/images/build/expand";

/** A stage as the Dockerfile says it: pure data. */
export interface StagePlan {
  /** "0", "1", ... or the name after AS. */
  readonly name: string;
  readonly index: number;
  readonly from: Instruction;
  /** Stage, image or "scratch", with variables replaced. */
  readonly base: string;
  readonly platform: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface BuildPlan {
  /** In order, only those that the target needs; the target is the last. */
  readonly stages: readonly StagePlan[];
  /** ARG before the first FROM. */
  readonly globalArgs: ReadonlyMap<string, string>;
}

/** Which stages to build, in which order. */
export function planBuild(
  dockerfile: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
  predefined: ReadonlyMap<string, string>,
  target: string | undefined,
): BuildPlan {
  const globalArgs = new Map(predefined);
  const stages: (StagePlan & { instructions: Instruction[] })[] = [];
  const variables: Variables = (name) => globalArgs.get(name);
  for (const instruction of dockerfile.instructions) {
    const fail = (why: string): BuildError =>
      new BuildError(dockerfile.path, instruction.line, instruction.text, why);
    const current = stages.at(-1);
    if (instruction.keyword === "FROM") {
      stages.push(planStage(instruction, stages.length, variables, dockerfile.escape, fail));
    } else if (current) current.instructions.push(instruction);
    else if (instruction.keyword === "ARG") {
      for (const word of splitWords(instruction.rest, variables, dockerfile.escape)) {
        const [name = "", ...value] = word.split("=");
        const known = buildArgs[name] ?? (word.includes("=") ? value.join("=") : undefined);
        if (known !== undefined) globalArgs.set(name, known);
      }
    } else throw fail("no build stage in current context: the file must begin with FROM");
  }
  return { stages: neededStages(dockerfile, stages, target), globalArgs };
}

function planStage(
  from: Instruction,
  index: number,
  variables: Variables,
  escape: string,
  fail: (why: string) => BuildError,
): StagePlan & { instructions: Instruction[] } {
  const [base, as, name, ...more] = splitWords(from.rest, variables, escape);
  const isNamed = as?.toUpperCase() === "AS" && name !== undefined;
  if (!base || more.length > 0 || (as !== undefined && !isNamed)) {
    throw fail(
      base === undefined
        ? "base name (FROM) should not be blank"
        : "FROM requires either one or three arguments",
    );
  }
  const platform = from.flags.find((flag) => flag.name === "platform")?.value;
  return {
    name: name?.toLowerCase() ?? String(index),
    index,
    from,
    base,
    platform: platform ? splitWords(platform, variables, escape)[0] : undefined,
    instructions: [],
  };
}

export function findStage(stages: readonly StagePlan[], name: string): StagePlan | undefined {
  return stages.find((stage) => stage.name === name.toLowerCase() || String(stage.index) === name);
}

function neededStages(
  dockerfile: Dockerfile,
  stages: readonly StagePlan[],
  target: string | undefined,
): readonly StagePlan[] {
  const last = target === undefined ? stages.at(-1) : findStage(stages, target);
  if (!last) {
    const why =
      target === undefined ? "the file has no FROM" : `target stage "${target}" could not be found`;
    throw new BuildError(dockerfile.path, 1, dockerfile.instructions[0]?.text ?? "", why);
  }
  const needed = new Set<StagePlan>();
  const visit = (stage: StagePlan): void => {
    if (needed.has(stage)) return;
    needed.add(stage);
    const earlier = stages.slice(0, stage.index);
    const copied = stage.instructions.flatMap(({ flags }) =>
      flags.flatMap(({ name, value }) => (name === "from" ? [value] : [])),
    );
    for (const name of [stage.base, ...copied]) {
      const source = findStage(earlier, name);
      if (source) visit(source);
    }
  };
  visit(last);
  return stages.filter((stage) => needed.has(stage));
}
