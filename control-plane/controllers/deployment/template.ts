import type { PodTemplateSpec } from "#api/schema/types";

export const HASH_LABEL = "pod-template-hash";
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Equal but for the hash label that the controller itself adds, and for the order of keys. */
export function isSameTemplate(
  a: PodTemplateSpec | undefined,
  b: PodTemplateSpec | undefined,
): boolean {
  return canonical(withoutHash(a)) === canonical(withoutHash(b));
}

/** A short name for a template: the same template and collision count give the same hash. */
export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  let hash = 0x811c9dc5;
  const text = canonical(withoutHash(template)) + (collisionCount > 0 ? ` ${collisionCount}` : "");
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return String(hash).replace(/\d/g, (digit) => ALPHABET[Number(digit)] ?? "");
}

function withoutHash(template: PodTemplateSpec | undefined): unknown {
  return template && templateWithoutHash(template);
}

/** As the Deployment has it that a ReplicaSet was made for. */
export function templateWithoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return {
    ...template,
    metadata: { ...template.metadata, labels },
  } as PodTemplateSpec;
}

/** JSON with sorted keys; what is undefined or null is left out. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(
    ([, entry]) => entry !== undefined && entry !== null,
  );
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(",")}}`;
}
