import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openStore } from "#control-plane/store/index";
import { silentLog } from "#kit/log";
import { anyHistory, everything, run } from "#test/contract/store-histories";
import { ManualClock } from "#test/support/manual-clock";

const directory = mkdtempSync(join(tmpdir(), "kaji-store-"));
afterAll(() => rmSync(directory, { recursive: true }));
let databases = 0;

test("the backends answer every history of transactions and compactions alike", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (steps) => {
      const options = { clock: new ManualClock(), log: silentLog };
      const memory = await openStore("memory:", options);
      const sqlite = await openStore(`sqlite://${directory}/${++databases}.db`, options);
      for (const step of steps) expect(await run(sqlite, step)).toEqual(await run(memory, step));
      expect(await everything(sqlite)).toEqual(await everything(memory));
      await Promise.all([memory.close(), sqlite.close()]);
    }),
    { numRuns: 40 },
  );
});
