import { posix } from "node:path";
import { placeDestination, putParents } from "#runtime/images/build/copy";
import { execForm } from "#runtime/images/build/dockerfile";
import { expandText } from "#runtime/images/build/expand";
import { commitLayer, type LayerEntries, layerTar } from "#runtime/images/build/layer-content";
import { setEnv, stageTree, variablesOf } from "#runtime/images/build/stage";
import {
  addLayer,
  flag,
  recordHistory,
  requireFlags,
  type StepContext,
  words,
} from "#runtime/images/build/step";
import type { Healthcheck } from "#runtime/images/oci";

type Setting = (step: StepContext) => void | Promise<boolean>;

export const DEFAULT_SHELL: readonly string[] = ["/bin/sh", "-c"];

/** The instructions that say how to run an image: each changes the config only (WORKDIR may make a directory). */
export const settings: Readonly<Record<string, Setting>> = {
  ENV: (step) => {
    for (const [name, value] of pairs(step)) setEnv(step.stage, name, value);
  },
  LABEL: ({ stage, ...rest }) => {
    stage.run.Labels = { ...stage.run.Labels, ...Object.fromEntries(pairs({ stage, ...rest })) };
  },
  ARG: (step) => {
    for (const word of words(step)) declareArg(step, word);
  },
  USER: (step) => {
    step.stage.run.User = single(step);
  },
  STOPSIGNAL: (step) => {
    step.stage.run.StopSignal = single(step);
  },
  CMD: ({ stage, instruction }) => {
    stage.hasOwnCmd = true;
    stage.run.Cmd = [...commandOf(stage.run.Shell, instruction.rest)];
  },
  ENTRYPOINT: ({ stage, instruction }) => {
    stage.run.Entrypoint = [...commandOf(stage.run.Shell, instruction.rest)];
    // An inherited CMD was meant for the inherited ENTRYPOINT.
    if (stage.run.Cmd && !stage.hasOwnCmd) stage.run.Cmd = null;
  },
  SHELL: ({ stage, instruction }) => {
    const shell = execForm(instruction.rest);
    if (!shell || shell.length === 0)
      throw new Error("SHELL requires the arguments to be in JSON form");
    stage.run.Shell = [...shell];
  },
  EXPOSE: (step) => {
    const ports = words(step)
      .flatMap((word) => word.split(/\s+/))
      .map(portName);
    const added = Object.fromEntries(ports.map((port) => [port, {}]));
    step.stage.run.ExposedPorts = { ...step.stage.run.ExposedPorts, ...added };
  },
  VOLUME: (step) => {
    const paths = execForm(step.instruction.rest) ?? words(step);
    const added = Object.fromEntries(paths.map((path) => [path, {}]));
    step.stage.run.Volumes = { ...step.stage.run.Volumes, ...added };
  },
  HEALTHCHECK: (step) => {
    step.stage.run.Healthcheck = healthcheck(step);
  },
  ONBUILD: ({ stage, instruction }) => {
    if (/^(ONBUILD|FROM|MAINTAINER)\b/i.test(instruction.rest)) {
      throw new Error(`${instruction.rest.split(/\s/)[0]} isn't allowed as an ONBUILD trigger`);
    }
    stage.run.OnBuild = [...(stage.run.OnBuild ?? []), instruction.rest];
  },
  MAINTAINER: ({ stage, instruction }) => {
    stage.run.Labels = { ...stage.run.Labels, maintainer: instruction.rest };
  },
  WORKDIR: workdir,
};

export async function applySetting(
  step: StepContext,
  table: Readonly<Record<string, Setting>>,
): Promise<boolean> {
  const { keyword, rest } = step.instruction;
  if (keyword !== "HEALTHCHECK") requireFlags(step, []);
  if (rest === "") throw new Error(`${keyword} requires at least one argument`);
  const setting = table[keyword];
  if (!setting) throw new Error(`${keyword} cannot be used here`);
  const layers = step.stage.layers.length;
  await setting(step);
  if (step.stage.layers.length === layers) recordHistory(step, true);
  return false;
}

/** The shell form runs in the stage's shell. */
export function commandOf(shell: readonly string[] | undefined, text: string): readonly string[] {
  return execForm(text) ?? [...(shell ?? DEFAULT_SHELL), text];
}

async function workdir(step: StepContext): Promise<boolean> {
  const { stage, parts, mtime } = step;
  const path = posix.resolve("/", stage.run.WorkingDir ?? "/", single(step));
  stage.run.WorkingDir = path;
  const root = await stageTree(parts, stage);
  const place = await placeDestination(root, "/", path);
  if (place === "" || (await root.find(place))?.kind === "directory") return false;
  const entries: LayerEntries = new Map();
  await putParents(entries, root, `${place}/x`, mtime);
  addLayer(step, await commitLayer(parts, layerTar(entries)));
  return false;
}

/** `NAME=value ...`, or the old `NAME value with spaces`. */
function pairs(step: StepContext): readonly (readonly [string, string])[] {
  const { rest, keyword } = step.instruction;
  const first = rest.split(/\s/, 1)[0] ?? "";
  if (!first.includes("=")) {
    const value = rest.slice(first.length).trim();
    if (value === "") throw new Error(`${keyword} must have two arguments`);
    return [[first, expandText(value, variablesOf(step.stage), step.escape)]];
  }
  return words(step).map((word) => {
    const equals = word.indexOf("=");
    if (equals <= 0)
      throw new Error(`Syntax error - can't find = in "${word}". Must be of the form: name=value`);
    return [word.slice(0, equals), word.slice(equals + 1)] as const;
  });
}

function declareArg(step: StepContext, word: string): void {
  const { stage, options } = step;
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const given = options.buildArgs?.[name];
  const value = given ?? (equals < 0 ? step.globalArgs.get(name) : word.slice(equals + 1));
  if (value !== undefined) stage.args.set(name, value);
}

function single(step: StepContext): string {
  const value = expandText(step.instruction.rest, variablesOf(step.stage), step.escape);
  if (value === "")
    throw new Error(`${step.instruction.keyword} is empty after its variables are replaced`);
  return value;
}

function portName(word: string): string {
  const match = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/i.exec(word);
  if (!match) throw new Error(`invalid containerPort: ${word}`);
  return `${match[1]}/${(match[2] ?? "tcp").toLowerCase()}`;
}

function healthcheck(step: StepContext): Healthcheck {
  const { rest } = step.instruction;
  requireFlags(step, ["interval", "timeout", "start-period", "start-interval", "retries"]);
  if (/^NONE$/i.test(rest)) return { Test: ["NONE"] };
  const command = /^CMD\s+([\s\S]+)$/i.exec(rest)?.[1];
  if (!command) throw new Error("HEALTHCHECK must be NONE or CMD");
  const exec = execForm(command);
  const duration = (name: string): number | undefined => nanoseconds(flag(step, name));
  const [interval, timeout] = [duration("interval"), duration("timeout")];
  const [period, startInterval] = [duration("start-period"), duration("start-interval")];
  const retries = flag(step, "retries");
  return {
    Test: exec ? ["CMD", ...exec] : ["CMD-SHELL", command],
    ...(interval === undefined ? {} : { Interval: interval }),
    ...(timeout === undefined ? {} : { Timeout: timeout }),
    ...(period === undefined ? {} : { StartPeriod: period }),
    ...(startInterval === undefined ? {} : { StartInterval: startInterval }),
    ...(retries === undefined ? {} : { Retries: Number(retries) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function nanoseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.map(([whole]) => whole).join("") !== text || text === "") {
    throw new Error(`"${text}" is not a duration like 30s or 1m30s`);
  }
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0),
    0,
  );
}
