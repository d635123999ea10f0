import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheKey } from "#runtime/images/build/cache";
import { commitLayer } from "#runtime/images/build/layer-content";
import { DEFAULT_PATH, envOf, stageLowerDirs } from "#runtime/images/build/stage";
import { addLayer, type StepContext } from "#runtime/images/build/step";
import { commandOf, DEFAULT_SHELL } from "#runtime/images/build/step-settings";
import { upperTar } from "#runtime/images/build/upper-diff";
import { temporaryPath } from "#runtime/images/files";

/** Runs a command on the stage so far; what it wrote becomes a layer. */
export async function runCommandStep(step: StepContext): Promise<boolean> {
  checkFlags(step);
  const { stage, cache, options } = step;
  const request = {
    command: runWords(step),
    env: runEnvironment(step),
    workingDir: stage.run.WorkingDir ?? "/",
    user: stage.run.User ?? "",
  };
  const key = cacheKey(
    "run",
    stage.layers.map(({ diffId }) => diffId),
    request,
    step.mtime.getTime(),
  );
  const cached = options.usesCache === false ? undefined : await cache.find(key);
  if (cached) {
    addLayer(step, cached);
    return true;
  }
  const layer = await execute(step, request);
  await cache.remember(key, layer);
  addLayer(step, layer);
  return false;
}

type Request = Pick<
  Parameters<NonNullable<StepContext["options"]["runCommand"]>>[0],
  "command" | "env" | "workingDir" | "user"
>;

async function execute(step: StepContext, request: Request) {
  const { parts, options, stage } = step;
  if (!options.runCommand) throw new Error("RUN needs a runtime: start it as root on Linux");
  const lowerDirs = await stageLowerDirs(parts, stage);
  if (lowerDirs.length === 0)
    throw new Error("RUN has no file system to run in: the stage is still empty");
  const work = temporaryPath(parts.tmpDir);
  const upperDir = join(work, "upper");
  await mkdir(upperDir, { recursive: true, mode: 0o755 });
  try {
    const exitCode = await options.runCommand({
      ...request,
      lowerDirs,
      upperDir,
      onOutput: step.onOutput,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    options.signal?.throwIfAborted();
    if (exitCode !== 0) {
      const shown = request.command.join(" ");
      throw new Error(`process "${shown}" did not complete successfully: exit code: ${exitCode}`);
    }
    return await commitLayer(parts, upperTar(upperDir, step.mtime));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The stage's ENV, then what ARG declared and ENV did not, as Docker gives both to a command. */
function runEnvironment({ stage }: StepContext): readonly string[] {
  const env = new Map([["PATH", DEFAULT_PATH], ...envOf(stage)]);
  for (const [name, value] of stage.args) {
    if (!env.has(name)) env.set(name, value);
  }
  return [...env].map(([name, value]) => `${name}=${value}`);
}

/** A lone heredoc is the script itself; otherwise the shell reads the heredocs as it would in a script. */
function runWords({ stage, instruction }: StepContext): readonly string[] {
  const { rest, heredocs } = instruction;
  const shell = stage.run.Shell ?? DEFAULT_SHELL;
  const [only] = heredocs;
  if (!only) return commandOf(stage.run.Shell, rest);
  if (heredocs.length === 1 && /^<<-?(["']?)[A-Za-z_][A-Za-z0-9_.]*\1$/.test(rest)) {
    const interpreter = /^#!\s*(\S.*)\n/.exec(only.content)?.[1];
    if (!interpreter) return [...shell, only.content];
    return [
      "/bin/sh",
      "-c",
      `exec ${interpreter} /dev/stdin <<'${only.name}'\n${only.content}${only.name}\n`,
    ];
  }
  const bodies = heredocs.map(({ name, content }) => `${content}${name}\n`).join("");
  return [...shell, `${rest}\n${bodies}`];
}

/** A cache mount only saves time, so it may be left out; the others change what the command sees. */
function checkFlags(step: StepContext): void {
  for (const { name, value } of step.instruction.flags) {
    const isHarmless =
      (name === "mount" && /(^|,)type=(cache|tmpfs)(,|$)/.test(value)) ||
      (name === "network" && value === "default");
    if (!isHarmless) throw new Error(`RUN --${name}=${value} is not supported`);
  }
}
