import { isLabelValue, isQualifiedName } from "#api/machinery/names";
import { bytes, milliCpu, parseQuantity, quantityProblem } from "#api/machinery/quantity";
import type { Taint } from "#api/schema/types";
import {
  defaultHardThresholds,
  parseThresholds,
  type Threshold,
} from "#node-agent/eviction/thresholds";

/** What an administrator may set for one node; the names are those of Kubernetes' flags. */
export interface NodeConfig {
  readonly maxPods: number;
  /** Kept from pods for the host and for Kaji itself (--system-reserved, --kube-reserved). */
  readonly reserved: Reserved;
  readonly thresholds: readonly Threshold[];
  readonly pressureTransitionMs: number;
  readonly evictionMaxPodGraceMs: number;
  /** "example.com/gpu": "2" */
  readonly extendedResources: Readonly<Record<string, string>>;
  /** Only for a node that is not known yet. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly shutdown: ShutdownConfig;
}

export interface Reserved {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly storageBytes: number;
}

export interface ShutdownConfig {
  /** For all pods together when the machine goes. */
  readonly graceMs: number;
  /** The part of it that is kept for critical pods. */
  readonly criticalGraceMs: number;
}

export const defaultNodeConfig: NodeConfig = {
  maxPods: 110,
  reserved: { cpuMillis: 0, memoryBytes: 0, storageBytes: 0 },
  thresholds: parseThresholds({
    hard: defaultHardThresholds,
    soft: "",
    softGraceMs: new Map(),
    minReclaim: "",
  }),
  pressureTransitionMs: 300_000,
  evictionMaxPodGraceMs: 0,
  extendedResources: {},
  labels: {},
  taints: [],
  shutdown: { graceMs: 30_000, criticalGraceMs: 10_000 },
};

/** The sum of texts like "cpu=500m,memory=1Gi,ephemeral-storage=1Gi,pid=1000". Throws a sentence. */
export function parseReserved(...texts: readonly string[]): Reserved {
  const pairs = texts.flatMap((text) => [...parsePairs(text)]);
  const known = ["cpu", "memory", "ephemeral-storage", "pid"];
  const stranger = pairs.find(([name]) => !known.includes(name));
  if (stranger) throw new Error(`cannot reserve ${stranger[0]}: give one of ${known.join(", ")}`);
  for (const [name, value] of pairs) {
    const isAmount = quantityProblem(value) === undefined && parseQuantity(value).nanos >= 0n;
    if (!isAmount) throw new Error(`cannot reserve ${name}=${value}: give an amount such as 1Gi`);
  }
  const sum = (name: string, parse: (text: string) => number): number =>
    pairs.reduce((total, [key, value]) => (key === name ? total + parse(value) : total), 0);
  return {
    cpuMillis: sum("cpu", milliCpu),
    memoryBytes: sum("memory", bytes),
    storageBytes: sum("ephemeral-storage", bytes),
  };
}

/** "a=1,b=2" as a map. Throws a sentence. */
export function parsePairs(text: string): Map<string, string> {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  return new Map(
    parts.map((part) => {
      const [name = "", ...rest] = part.trim().split("=");
      if (name === "" || rest.length === 0) throw new Error(`${part} is not NAME=VALUE`);
      return [name, rest.join("=")];
    }),
  );
}

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** "dedicated=gpu:NoSchedule,spot:NoExecute". Throws a sentence. */
export function parseTaints(text: string): Taint[] {
  const parts = text.split(",").filter((part) => part.trim() !== "");
  return parts.map((part) => {
    const match = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(part.trim());
    const [, key = "", value, effect = ""] = match ?? [];
    const isNamed = isQualifiedName(key).length + isLabelValue(value ?? "").length === 0;
    if (!effects.includes(effect) || !isNamed) {
      throw new Error(`${part} is not KEY=VALUE:EFFECT with an effect of ${effects.join(", ")}`);
    }
    return { key, ...(value ? { value } : {}), effect };
  });
}
