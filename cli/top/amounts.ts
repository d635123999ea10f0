import { formatBytes } from "#cli/format";

/** Amounts of cpu and memory, beside what there is of them. Pure. */

export function formatMillis(millis: number): string {
  return `${Math.round(millis)}m`;
}

export const formatMemory = formatBytes;

/** "250m (12%)"; "-" of what nobody measures. */
export function share(
  amount: number | undefined,
  of: number,
  format: (amount: number) => string,
): string {
  if (amount === undefined) return "-";
  return of === 0 ? format(amount) : `${format(amount)} (${Math.round((amount * 100) / of)}%)`;
}
