export const ACCESS_MODES = [
  "ReadOnlyMany",
  "ReadWriteMany",
  "ReadWriteOnce",
  "ReadWriteOncePod",
] as const;

const shortNames: readonly (readonly [string, string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

/** "RWO,RWX": in Kubernetes' order, each once. */
export function formatAccessModes(modes: readonly string[] | undefined): string {
  return shortNames
    .filter(([name]) => modes?.includes(name))
    .map(([, short]) => short)
    .join(",");
}
