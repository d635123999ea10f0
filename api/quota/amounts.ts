import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
} from "#api/machinery/quantity";

/** Exact amounts by the names that quotas use, such as "requests.cpu" and "count/jobs.batch". */
export type Amounts = ReadonlyMap<string, Quantity>;

export function pieces(count: number): Quantity {
  return { nanos: BigInt(count) * 1_000_000_000n, format: "DecimalSI" };
}

export function cpuAmount(millis: number): Quantity {
  return { nanos: BigInt(Math.ceil(millis)) * 1_000_000n, format: "DecimalSI" };
}

/** Shown in powers of 1024 where that is exact, as people write memory. */
export function byteAmount(bytes: number): Quantity {
  const whole = Math.ceil(bytes);
  return { ...pieces(whole), format: whole % 1024 === 0 ? "BinarySI" : "DecimalSI" };
}

export function parseAmounts(texts: Readonly<Record<string, string>> | undefined): Amounts {
  return new Map(Object.entries(texts ?? {}).map(([name, text]) => [name, parseQuantity(text)]));
}

/** The amounts of these names only. */
export function pick(amounts: Amounts, names: readonly string[]): Amounts {
  return new Map([...amounts].filter(([name]) => names.includes(name)));
}

export function add(left: Amounts, right: Amounts): Amounts {
  const sum = new Map(left);
  for (const [name, amount] of right) {
    const before = sum.get(name);
    sum.set(name, before ? addQuantities(before, amount) : amount);
  }
  return sum;
}

/** What is more in `next` than in `previous`; nothing for what is less. */
export function growth(next: Amounts, previous: Amounts): Amounts {
  const found = new Map<string, Quantity>();
  for (const [name, amount] of next) {
    const nanos = amount.nanos - (previous.get(name)?.nanos ?? 0n);
    if (nanos > 0n) found.set(name, { ...amount, nanos });
  }
  return found;
}

/** The names of which there is more than the bound allows; what has no bound is unbounded. */
export function namesOver(amounts: Amounts, bounds: Amounts): string[] {
  return [...amounts].flatMap(([name, amount]) => {
    const bound = bounds.get(name);
    return bound && compareQuantities(amount, bound) > 0 ? [name] : [];
  });
}

export function formatAmounts(amounts: Amounts): Record<string, string> {
  return Object.fromEntries([...amounts].map(([name, amount]) => [name, formatQuantity(amount)]));
}

/** "cpu=1,pods=2", as messages name amounts. */
export function describeAmounts(amounts: Amounts): string {
  const texts = [...amounts].map(([name, amount]) => `${name}=${formatQuantity(amount)}`);
  return texts.sort().join(",");
}
