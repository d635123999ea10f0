import { writeSync } from "node:fs";
import { openStore } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";

/**
 * Run by the crash test as a process of its own: writes until it is killed, 20 writers at a time, and tells
 * each acknowledged put on stdout. The lines go out by a synchronous write: what is told was durable before.
 */
const WRITERS = 20;
const [url, round] = process.argv.slice(2);
const store = await openStore(url as string, { clock: systemClock, log: silentLog });
let written = 0;

async function writeOn(): Promise<never> {
  for (;;) {
    const key = `/round-${round}/${written++}`;
    const value = Buffer.alloc(1024, key);
    const { revision } = await store.txn({ compare: [], then: [{ type: "put", key, value }] });
    tell(`${key} ${revision} ok\n`);
  }
}

/** The pipe is non-blocking in a forked child: a full one answers EAGAIN. */
function tell(line: string): void {
  for (let rest = Buffer.from(line); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, writeOn));
