import { ageOf } from "#api/machinery/table";

/** "250m", "1.5 cores" */
export function formatCpu(millis: number): string {
  if (millis < 1000) return `${Math.round(millis)}m`;
  return `${trimmed(millis / 1000)} ${millis === 1000 ? "core" : "cores"}`;
}

const STEP = 1024;

/** "12 Mi", "1.5 Gi" */
export function formatBytes(bytes: number): string {
  const units = ["B", "Ki", "Mi", "Gi", "Ti", "Pi"];
  let value = bytes;
  let at = 0;
  while (value >= STEP && at < units.length - 1) {
    value /= STEP;
    at++;
  }
  return `${trimmed(value)} ${units[at] ?? ""}`;
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

/** "5m". What is newer than this page's clock, which moves in steps and may be slow, is of now. */
export function formatAge(time: string | undefined, nowMs: number): string {
  return ageOf(time, Math.max(nowMs, Date.parse(time ?? "") || 0));
}
