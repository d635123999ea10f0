import { formatQuantity, parseQuantity, quantityToNumber } from "#api/machinery/quantity";

/**
 * From which amount on the node is under pressure. Flags are written as Kubernetes writes them:
 * "memory.available<100Mi,nodefs.available<10%". Source: Kubernetes, "Node-pressure Eviction".
 */
export const signals = [
  "memory.available",
  "nodefs.available",
  "nodefs.inodesFree",
  "imagefs.available",
  "imagefs.inodesFree",
  "pid.available",
] as const;

export type Signal = (typeof signals)[number];

/** Bytes, inodes or processes; or a share of what there is. */
export type Amount =
  | { readonly type: "quantity"; readonly value: number }
  | { readonly type: "share"; readonly value: number };

export interface Threshold {
  readonly signal: Signal;
  readonly amount: Amount;
  /** How long it must be met before pods are evicted; 0: a hard one. */
  readonly graceMs: number;
  /** When something is reclaimed, at least so much more than the threshold must be free. */
  readonly minReclaim?: Amount;
}

export type PressureCondition = "MemoryPressure" | "DiskPressure" | "PIDPressure";

/** As users and messages know what a signal measures. */
export const resourceOf: Readonly<Record<Signal, string>> = {
  "memory.available": "memory",
  "nodefs.available": "ephemeral-storage",
  "nodefs.inodesFree": "inodes",
  "imagefs.available": "ephemeral-storage",
  "imagefs.inodesFree": "inodes",
  "pid.available": "pids",
};

export function conditionOf(signal: Signal): PressureCondition {
  if (signal === "memory.available") return "MemoryPressure";
  return signal === "pid.available" ? "PIDPressure" : "DiskPressure";
}

export interface ThresholdFlags {
  /** "memory.available<100Mi,nodefs.available<10%" */
  readonly hard: string;
  readonly soft: string;
  /** "memory.available=1m30s": in ms, by signal. Every soft threshold needs one. */
  readonly softGraceMs: ReadonlyMap<string, number>;
  /** "memory.available=0Mi" */
  readonly minReclaim: string;
}

export const defaultHardThresholds =
  "memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,imagefs.inodesFree<5%";

/** Throws an Error with a sentence for the user. */
export function parseThresholds(flags: ThresholdFlags): Threshold[] {
  const minReclaim = parsePairs(flags.minReclaim, "=", "--eviction-minimum-reclaim");
  const withReclaim = (threshold: Threshold): Threshold => {
    const amount = minReclaim.get(threshold.signal);
    return amount ? { ...threshold, minReclaim: amount } : threshold;
  };
  const hard = [...parsePairs(flags.hard, "<", "--eviction-hard")].map(
    ([signal, amount]): Threshold => ({ signal, amount, graceMs: 0 }),
  );
  const soft = [...parsePairs(flags.soft, "<", "--eviction-soft")].map(
    ([signal, amount]): Threshold => {
      const graceMs = flags.softGraceMs.get(signal);
      if (graceMs === undefined) {
        throw new Error(
          `grace period must be specified for the soft eviction threshold ${signal}: give --eviction-soft-grace-period ${signal}=1m30s`,
        );
      }
      return { signal, amount, graceMs };
    },
  );
  return [...hard, ...soft].map(withReclaim);
}

function parsePairs(text: string, separator: string, flag: string): Map<Signal, Amount> {
  const found = new Map<Signal, Amount>();
  for (const part of text.split(",").filter((one) => one.trim() !== "")) {
    const [name = "", value = "", ...rest] = part.trim().split(separator);
    const signal = signals.find((each) => each === name);
    if (!signal || value === "" || rest.length > 0) {
      throw new Error(
        `${flag} ${part} is not understood: give SIGNAL${separator}AMOUNT with a signal of ${signals.join(", ")}`,
      );
    }
    found.set(signal, parseAmount(value, flag));
  }
  return found;
}

function parseAmount(text: string, flag: string): Amount {
  if (!text.endsWith("%")) {
    const value = quantityToNumber(parseQuantity(text));
    if (value < 0) throw new Error(`${flag} ${text} is below zero`);
    return { type: "quantity", value };
  }
  const share = Number(text.slice(0, -1)) / 100;
  if (Number.isFinite(share) && share >= 0 && share < 1) return { type: "share", value: share };
  throw new Error(`${flag} ${text} is not a share from 0% to below 100%`);
}

export function amountOf(amount: Amount, capacity: number): number {
  return amount.type === "quantity" ? amount.value : Math.floor(amount.value * capacity);
}

/** "52724Ki" for bytes that are whole KiB, as Kubernetes prints a quantity in binary; plain for counts. */
export function amountText(signal: Signal, value: number): string {
  const isBytes = signal.endsWith(".available") && signal !== "pid.available";
  return isBytes ? binaryText(value) : formatQuantity(parseQuantity(String(value)));
}

const binaryUnits = ["", "Ki", "Mi", "Gi", "Ti"];

/** The largest binary unit that divides it: 104857600 is "100Mi". */
export function binaryText(bytes: number): string {
  let value = Math.round(bytes);
  let unit = 0;
  while (value !== 0 && value % 1024 === 0 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value}${binaryUnits[unit]}`;
}
