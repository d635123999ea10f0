import { BuildError } from "#runtime/images/build/build-error";
import type { BuildCache } from "#runtime/images/build/cache";
import type { BuildContext } from "#runtime/images/build/context";
import type { Instruction } from "#runtime/images/build/dockerfile";
import { splitWords } from "#runtime/images/build/expand";
import type { BuiltLayer } from "#runtime/images/build/layer-content";
import type { BuildOptions } from "#runtime/images/build/options";
import { type Stage, variablesOf } from "#runtime/images/build/stage";
import type { StoreParts } from "#runtime/images/parts";

/** What one instruction works with. */
export interface StepContext {
  readonly parts: StoreParts;
  readonly options: BuildOptions;
  readonly cache: BuildCache;
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly file: string;
  readonly escape: string;
  readonly mtime: Date;
  readonly context: BuildContext;
  /** ARG before the first FROM, seen by a stage that declares the name again. */
  readonly globalArgs: ReadonlyMap<string, string>;
  /** `--from=`: a stage by name or number, or an image. */
  sourceNamed(name: string): Promise<{ readonly source: BuildContext; readonly name: string }>;
  onOutput(text: string): void;
}

export function stepError(step: StepContext, cause: unknown): BuildError {
  const { line, text } = step.instruction;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BuildError(step.file, line, text, why, { cause });
}

export function words(step: StepContext, text: string = step.instruction.rest): string[] {
  return splitWords(text, variablesOf(step.stage), step.escape);
}

/** Adds a layer and says so in the history. */
export function addLayer(step: StepContext, layer: BuiltLayer): void {
  step.stage.layers.push(layer);
  recordHistory(step, false);
}

export function recordHistory(step: StepContext, isEmpty: boolean): void {
  step.stage.history.push({
    created: step.mtime.toISOString(),
    created_by: step.instruction.text,
    ...(isEmpty ? { empty_layer: true } : {}),
  });
}

/** Refuses flags that would otherwise be silently ignored. */
export function requireFlags(step: StepContext, known: readonly string[]): void {
  for (const { name } of step.instruction.flags) {
    if (!known.includes(name)) {
      throw new Error(`unknown flag: ${step.instruction.keyword} --${name} is not supported`);
    }
  }
}

export function flag(step: StepContext, name: string): string | undefined {
  return step.instruction.flags.find((given) => given.name === name)?.value;
}
