import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Locations } from "#kit/locations";

const DIRECTORY = "/run/kaji-user-ranges";

/** First host ids of the pods of one node that have users of their own, by pod uid, as it wrote them down. */
export function firstIdsOf({ run }: Locations): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const boot of existsSync(DIRECTORY) ? readdirSync(DIRECTORY) : []) {
    for (const name of readdirSync(join(DIRECTORY, boot))) {
      const text = readlinkSync(join(DIRECTORY, boot, name));
      if (dirname(text) === run) held.set(basename(text), Number(name));
    }
  }
  return held;
}
