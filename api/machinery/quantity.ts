import { errors } from "#api/machinery/status-error";

/**
 * An exact amount in billionths, with the notation it was written in (Kubernetes' resource.Quantity).
 * What is finer than a billionth is rounded away from zero; what is beyond an int64 is cut to it.
 */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: "BinarySI" | "DecimalSI" | "DecimalExponent";
}

const nano = 1_000_000_000n;
const maxNanos = (2n ** 63n - 1n) * nano;
const maxTextLength = 64;

const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const decimalSuffixes = new Map(
  Object.entries(decimalExponents).map(([suffix, power]) => [power, suffix]),
);

const badFormat =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** What is wrong with the text, in Kubernetes' words; undefined for a quantity. */
export function quantityProblem(text: string): string | undefined {
  const parts = /^[+-]?([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (!parts || text.length > maxTextLength) return badFormat;
  const [, digits = "", suffix = ""] = parts;
  if (!/^(?:\d+\.?\d*|\.\d+)$/.test(digits)) {
    return "unable to parse numeric part of quantity";
  }
  return scaleOf(suffix) ? undefined : "unable to parse quantity's suffix";
}

/** Accepts a JSON number too, as Kubernetes does. Throws StatusError 400. */
export function parseQuantity(text: string | number): Quantity {
  const source = String(text).trim();
  const problem = quantityProblem(source);
  if (problem) throw errors.badRequest(problem);
  const [, sign, whole = "", fraction = "", suffix = ""] =
    /^([+-]?)(\d*)\.?(\d*)(.*)$/.exec(source) ?? [];
  const scale = scaleOf(suffix) ?? { factor: nano, power: 0, format: "DecimalSI" as const };
  const power = scale.power - fraction.length;
  const mantissa = BigInt(`${whole}${fraction}`) * scale.factor;
  const magnitude =
    power >= 0 ? mantissa * 10n ** BigInt(power) : divideUp(mantissa, 10n ** BigInt(-power));
  const capped = magnitude > maxNanos ? maxNanos : magnitude;
  return { nanos: sign === "-" ? -capped : capped, format: scale.format };
}

function scaleOf(
  suffix: string,
): { factor: bigint; power: number; format: Quantity["format"] } | undefined {
  const binary = binarySuffixes.indexOf(suffix);
  if (binary > 0) return { factor: nano << BigInt(10 * binary), power: 0, format: "BinarySI" };
  const power = Object.hasOwn(decimalExponents, suffix) ? decimalExponents[suffix] : undefined;
  if (power !== undefined) return { factor: nano, power, format: "DecimalSI" };
  const exponent = /^[eE]([+-]?\d{1,4})$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  // Beyond +-64 every amount is cut to the limits anyway; the bound keeps 1e9999 cheap.
  const bounded = Math.max(-64, Math.min(64, Number(exponent)));
  return { factor: nano, power: bounded, format: "DecimalExponent" };
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** Thousandths, rounded up. */
export function quantityToMillis(quantity: Quantity): number {
  return Number(roundUp(quantity.nanos, 1_000_000n));
}

/** The amount as a float: for sums and shows, not for comparing. */
export function quantityToNumber(quantity: Quantity): number {
  return Number(quantity.nanos / nano) + Number(quantity.nanos % nano) / 1e9;
}

/** Whole units, rounded up. */
export function quantityToBigInt(quantity: Quantity): bigint {
  return roundUp(quantity.nanos, nano);
}

function roundUp(value: bigint, by: bigint): bigint {
  return value < 0n ? -divideUp(-value, by) : divideUp(value, by);
}

export function compareQuantities(a: Quantity, b: Quantity): -1 | 0 | 1 {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}

/** Takes the notation of `a`, or of `b` where `a` is zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  return { nanos: a.nanos + b.nanos, format: a.nanos === 0n ? b.format : a.format };
}

/** The canonical text: no fraction, the largest suffix that keeps it exact: 1Gi, 1500m, 1k, 2e3. */
export function formatQuantity(quantity: Quantity): string {
  const { nanos, format } = quantity;
  if (nanos === 0n) return "0";
  const sign = nanos < 0n ? "-" : "";
  const magnitude = nanos < 0n ? -nanos : nanos;
  if (format === "BinarySI" && magnitude >= 1024n * nano) return sign + formatBinary(magnitude);
  return sign + formatDecimal(magnitude, format === "DecimalExponent");
}

function formatBinary(magnitude: bigint): string {
  let units = divideUp(magnitude, nano);
  let power = 0;
  while (power < 6 && units % 1024n === 0n) {
    units /= 1024n;
    power += 1;
  }
  return `${String(units)}${binarySuffixes[power] ?? ""}`;
}

function formatDecimal(magnitude: bigint, isExponent: boolean): string {
  let units = magnitude;
  let power = -9;
  while (power < 18 && units % 1000n === 0n) {
    units /= 1000n;
    power += 3;
  }
  if (!isExponent) return `${String(units)}${decimalSuffixes.get(power) ?? ""}`;
  return power === 0 ? String(units) : `${String(units)}e${String(power)}`;
}

export function canonicalQuantity(text: string | number): string {
  return formatQuantity(parseQuantity(text));
}

/** CPU in thousandths of a core; undefined is 0. Fast for "250m" and "2". */
export function milliCpu(text: string | number | undefined): number {
  if (text === undefined) return 0;
  const plain = /^(\d{1,9})(m?)$/.exec(String(text));
  if (plain) return Number(plain[1]) * (plain[2] === "m" ? 1 : 1000);
  return quantityToMillis(parseQuantity(text));
}

const byteFactors: Readonly<Record<string, number>> = {
  "": 1,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

/** Whole bytes (or any other count), rounded up; undefined is 0. Fast for "64Mi", "1Gi" and "512". */
export function bytes(text: string | number | undefined): number {
  if (text === undefined) return 0;
  const plain = /^(\d{1,6})(Ki|Mi|Gi|k|M|G|)$/.exec(String(text));
  if (plain) return Number(plain[1]) * (byteFactors[plain[2] ?? ""] ?? 1);
  return Number(quantityToBigInt(parseQuantity(text)));
}
