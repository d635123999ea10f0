import { readFile } from "node:fs/promises";

/** Undefined when the group is gone: it ended between the list and the look. */
export async function readNumber(path: string): Promise<number | undefined> {
  try {
    return Number((await readFile(path, "utf8")).trim());
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "ENOENT" || error.code === "ENODEV")
    )
      return undefined;
    throw error;
  }
}

/** Lines "name number". */
export function parseCounters(text: string): ReadonlyMap<string, number> {
  const counters = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name, value] = line.split(" ");
    if (name && value) counters.set(name, Number(value));
  }
  return counters;
}
