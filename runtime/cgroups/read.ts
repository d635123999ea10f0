import { readFile } from "node:fs/promises";

/** Undefined when the group is gone: it ended between the list and the look. */
export async function readNumber(path: string): Promise<number | undefined> {
  const text = await readIfThere(path);
  return text === undefined ? undefined : Number(text.trim());
}

/** Of a file with lines "name number"; undefined as in readNumber. */
export async function readCounters(path: string): Promise<ReadonlyMap<string, number> | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const counters = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, value] = line.split(" ");
    if (name && value) counters.set(name, Number(value));
  }
  return counters;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENODEV") return undefined;
    throw error;
  }
}
