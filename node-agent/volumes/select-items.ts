import type { KeyToPath } from "#api/schema/types";
import { ConfigError } from "#node-agent/objects";
import type { FileContent } from "#node-agent/volumes/atomic-files";

/** The files of a ConfigMap or Secret as a volume shows them: all keys, or the chosen ones under other paths. */
export function selectItems(
  source: string,
  files: ReadonlyMap<string, Buffer>,
  items: readonly KeyToPath[] | undefined,
  options: { readonly defaultMode: number; readonly isOptional: boolean },
): Map<string, FileContent> {
  const chosen = new Map<string, FileContent>();
  if (!items || items.length === 0) {
    for (const [key, bytes] of files) chosen.set(key, { bytes, mode: options.defaultMode });
    return chosen;
  }
  for (const { key, path, mode } of items) {
    const bytes = files.get(key);
    if (bytes) chosen.set(path, { bytes, mode: mode ?? options.defaultMode });
    else if (!options.isOptional) {
      throw new ConfigError(`${source} references non-existent config key: ${key}`);
    }
  }
  return chosen;
}
