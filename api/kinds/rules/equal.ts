/**
 * Equality as Kubernetes compares objects: an absent field, an empty list and an empty map are the same.
 * Only for JSON values.
 */
export function isSemanticallyEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (isEmpty(left) && isEmpty(right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((it, i) => isSemanticallyEqual(it, right[i]));
  }
  if (isRecord(left) && isRecord(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => isSemanticallyEqual(left[key], right[key]));
  }
  return false;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).every((it) => it === undefined || it === null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Paths at which two JSON values differ, such as `spec.containers[0].name`; what a refused update names. */
export function differences(next: unknown, previous: unknown, path: string): string[] {
  if (isSemanticallyEqual(next, previous)) return [];
  if (Array.isArray(next) && Array.isArray(previous) && next.length === previous.length) {
    return next.flatMap((it, i) => differences(it, previous[i], `${path}[${i}]`));
  }
  if (isRecord(next) && isRecord(previous)) {
    const keys = new Set([...Object.keys(previous), ...Object.keys(next)]);
    return [...keys].flatMap((key) => differences(next[key], previous[key], `${path}.${key}`));
  }
  return [path];
}
