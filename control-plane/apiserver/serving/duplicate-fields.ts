interface Level {
  /** The keys seen of an object; undefined for an array. */
  readonly keys: Set<string> | undefined;
  readonly path: string;
  key: string;
  index: number;
}

/** Paths of object keys that a JSON text gives more than once. The text must be valid JSON. */
export function duplicateFields(text: string): string[] {
  const duplicates: string[] = [];
  const levels: Level[] = [];
  let isKeyExpected = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    const level = levels.at(-1);
    if (character === '"') {
      const end = stringEnd(text, at);
      if (isKeyExpected && level?.keys) {
        level.key = text.slice(at + 1, end);
        if (level.keys.has(level.key)) duplicates.push(pathTo(level));
        level.keys.add(level.key);
        isKeyExpected = false;
      }
      at = end;
    } else if (character === "{" || character === "[") {
      const path = level ? pathTo(level) : "";
      levels.push({ keys: character === "{" ? new Set() : undefined, path, key: "", index: 0 });
      isKeyExpected = character === "{";
    } else if (character === "}" || character === "]") {
      levels.pop();
      isKeyExpected = false;
    } else if (character === "," && level) {
      level.index++;
      isKeyExpected = level.keys !== undefined;
    }
  }
  return duplicates;
}

function pathTo(level: Level): string {
  if (!level.keys) return `${level.path}[${level.index}]`;
  return level.path ? `${level.path}.${level.key}` : level.key;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
