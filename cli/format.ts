/** Numbers as people read them. Pure: the time now comes in. */

const units = ["B", "kB", "MB", "GB", "TB"] as const;

/** "0 B", "532 B", "1.5 MB": powers of a thousand, as disks and Docker count. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

/** "45s", "12m", "5h", "3d": the largest unit of which there are two, as kubectl shows ages. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h`;
  return `${Math.floor(hours / 24)}d`;
}

/** "sha256:0123456789ab..." in the twelve digits that commands take. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, "").slice(0, 12);
}
