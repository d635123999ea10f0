import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { createImageStore } from "#runtime/images/image-store";

/** Pulls one image in a process of its own, to be killed half-way: `root reference`. */
const [root = "", reference = ""] = process.argv.slice(2);
const store = createImageStore({ root, log: silentLog, clock: systemClock });
await store.pull(reference, { onProgress: (progress) => console.log(progress.phase) });
