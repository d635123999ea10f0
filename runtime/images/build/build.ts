import { isAbsolute, join } from "node:path";
import { openBase } from "#runtime/images/build/base";
import { BuildError } from "#runtime/images/build/build-error";
import { createBuildCache } from "#runtime/images/build/cache";
import { openContext, openSource, readDockerfile } from "#runtime/images/build/context";
import {
  type Dockerfile,
  type Instruction,
  parseDockerfile,
} from "#runtime/images/build/dockerfile";
import { writeImage } from "#runtime/images/build/finish";
import type { BuildOptions, BuildResult } from "#runtime/images/build/options";
import { type BuildPlan, findStage, planBuild, type StagePlan } from "#runtime/images/build/plan";
import { emptyStage, type Stage, stageTree } from "#runtime/images/build/stage";
import type { StepContext } from "#runtime/images/build/step";
import { applyStep } from "#runtime/images/build/steps";
import type { StoreParts } from "#runtime/images/parts";
import { parsePlatform, platformText } from "#runtime/images/platform";
import { requireImage, toImage } from "#runtime/images/stored-image";

export type {
  BuildOptions,
  BuildProgress,
  BuildResult,
  RunCommand,
} from "#runtime/images/build/options";

/** Everything one build shares between its stages. */
interface Build {
  readonly parts: StoreParts;
  readonly options: BuildOptions;
  readonly dockerfile: Dockerfile;
  readonly plan: BuildPlan;
  readonly finished: Map<StagePlan, Stage>;
  readonly shared: Pick<StepContext, "cache" | "context" | "mtime">;
  steps: number;
  cachedSteps: number;
}

/**
 * Builds an image from a Dockerfile. The same context, arguments and base give the same digest: entries are
 * sorted, times are sourceDateEpoch, owners are fixed, compression is fixed.
 */
export async function runBuild(parts: StoreParts, options: BuildOptions): Promise<BuildResult> {
  const { path, text } = await readDockerfile(options.contextDir, options.dockerfile);
  const dockerfile = parseDockerfile(text, path);
  const plan = planBuild(
    dockerfile,
    options.buildArgs ?? {},
    predefinedArgs(parts, options),
    options.target,
  );
  const fullPath = isAbsolute(path) ? path : join(options.contextDir, path);
  return parts.writing(async () => {
    const build: Build = {
      parts,
      options,
      dockerfile,
      plan,
      finished: new Map(),
      shared: {
        cache: createBuildCache(parts),
        context: await openContext(options.contextDir, fullPath),
        mtime: new Date((options.sourceDateEpoch ?? 0) * 1000),
      },
      steps: 0,
      cachedSteps: 0,
    };
    let last = emptyStage();
    for (const stage of plan.stages) {
      last = await buildStage(build, stage);
      build.finished.set(stage, last);
    }
    const manifestDigest = await writeImage(parts, last, options, build.shared.mtime);
    const image = toImage([await requireImage(parts, manifestDigest)]);
    return { image, manifestDigest, steps: build.steps, cachedSteps: build.cachedSteps };
  });
}

async function buildStage(build: Build, plan: StagePlan): Promise<Stage> {
  const { parts, options } = build;
  const stage = await startStage(build, plan);
  const instructions = [...takeTriggers(stage, plan), ...plan.instructions];
  const total = instructions.length + 1;
  for (const [n, instruction] of instructions.entries()) {
    options.signal?.throwIfAborted();
    const label = labelOf(build, plan, n + 2, total);
    const tell = (state: "started" | "cached" | "done"): void =>
      options.onProgress?.({ type: "step", label, text: instruction.text, state });
    tell("started");
    const isCached = await applyStep({
      ...build.shared,
      parts,
      options,
      globalArgs: build.plan.globalArgs,
      instruction,
      stage,
      file: build.dockerfile.path,
      escape: build.dockerfile.escape,
      sourceNamed: (name) => sourceNamed(build, plan, name),
      onOutput: (text) => options.onProgress?.({ type: "output", label, text }),
    });
    build.steps++;
    if (isCached) build.cachedSteps++;
    tell(isCached ? "cached" : "done");
  }
  return stage;
}

/** ONBUILD of the base, carried out once: here. */
function takeTriggers(stage: Stage, plan: StagePlan): readonly Instruction[] {
  const triggers = stage.run.OnBuild ?? [];
  delete stage.run.OnBuild;
  return triggers.flatMap((text) =>
    parseDockerfile(text, `ONBUILD of ${plan.base}`).instructions.map((instruction) => ({
      ...instruction,
      line: plan.from.line,
    })),
  );
}

async function startStage(build: Build, plan: StagePlan): Promise<Stage> {
  const { parts, options } = build;
  const label = labelOf(build, plan, 1, plan.instructions.length + 1);
  const { text, line } = plan.from;
  options.onProgress?.({ type: "step", label, text, state: "started" });
  const earlier = findStage(
    build.plan.stages.filter(({ index }) => index < plan.index),
    plan.base,
  );
  const known = earlier && build.finished.get(earlier);
  let stage = emptyStage();
  if (known) {
    stage = {
      layers: [...known.layers],
      run: structuredClone(known.run),
      history: [...known.history],
      hasOwnCmd: false,
      args: new Map(),
    };
  } else if (plan.base !== "scratch") {
    try {
      const platform = plan.platform ? parsePlatform(plan.platform) : options.platform;
      stage = await openBase(parts, plan.base, { ...options, ...(platform ? { platform } : {}) });
    } catch (error) {
      options.signal?.throwIfAborted();
      throw new BuildError(build.dockerfile.path, line, text, (error as Error).message, {
        cause: error,
      });
    }
  }
  build.steps++;
  options.onProgress?.({ type: "step", label, text, state: "done" });
  return stage;
}

async function sourceNamed(
  build: Build,
  plan: StagePlan,
  name: string,
): ReturnType<StepContext["sourceNamed"]> {
  const { parts, options } = build;
  const earlier = findStage(
    build.plan.stages.filter(({ index }) => index < plan.index),
    name,
  );
  const known = earlier && build.finished.get(earlier);
  const stage = known ?? (await openBase(parts, name, options));
  return {
    source: openSource(await stageTree(parts, stage)),
    name: known ? `stage ${name}` : `image ${name}`,
  };
}

function labelOf(build: Build, plan: StagePlan, step: number, total: number): string {
  const count = `${step}/${total}`;
  return build.plan.stages.length > 1 ? `[${plan.name} ${count}]` : `[${count}]`;
}

/** Arguments every Dockerfile may use without declaring a default. */
function predefinedArgs(parts: StoreParts, options: BuildOptions): ReadonlyMap<string, string> {
  const target = options.platform ?? parts.platform;
  const describe = (prefix: string, platform: typeof target): [string, string][] => [
    [`${prefix}PLATFORM`, platformText(platform)],
    [`${prefix}OS`, platform.os],
    [`${prefix}ARCH`, platform.architecture],
    [`${prefix}VARIANT`, platform.variant ?? ""],
  ];
  return new Map([...describe("TARGET", target), ...describe("BUILD", parts.platform)]);
}
