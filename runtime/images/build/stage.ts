import type { Variables } from "#runtime/images/build/expand";
import type { BuiltLayer } from "#runtime/images/build/layer-content";
import { createTree, type Tree } from "#runtime/images/build/tree";
import type { HistoryEntry, RunConfig } from "#runtime/images/oci";
import type { StoreParts } from "#runtime/images/parts";

/** What a stage has come to: layers, how to run it, and the variables its next instruction sees. */
export interface Stage {
  readonly layers: BuiltLayer[];
  readonly run: RunConfig;
  readonly history: HistoryEntry[];
  /** CMD was given in this stage, not inherited. */
  hasOwnCmd: boolean;
  readonly args: Map<string, string>;
}

export const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

export function emptyStage(): Stage {
  return { layers: [], run: {}, history: [], hasOwnCmd: false, args: new Map() };
}

/** ENV wins over ARG of the same name. */
export function variablesOf(stage: Stage): Variables {
  return (name) => envOf(stage).get(name) ?? stage.args.get(name);
}

export function envOf(stage: Stage): Map<string, string> {
  return new Map(
    (stage.run.Env ?? []).map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
    }),
  );
}

export function setEnv(stage: Stage, name: string, value: string): void {
  const env = envOf(stage).set(name, value);
  stage.run.Env = [...env].map(([key, known]) => `${key}=${known}`);
}

/** Lower directories of the stage so far, uppermost first, each once; none for an empty stage. */
export async function stageLowerDirs(parts: StoreParts, stage: Stage): Promise<readonly string[]> {
  const directories = new Set<string>();
  for (const { diffId, descriptor } of [...stage.layers].reverse()) {
    directories.add(await parts.layers.ensure(diffId, descriptor.digest));
  }
  return [...directories];
}

export async function stageTree(parts: StoreParts, stage: Stage): Promise<Tree> {
  return createTree(await stageLowerDirs(parts, stage));
}
