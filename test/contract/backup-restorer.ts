import { openBackend } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { restoreInto } from "#test/contract/backup-fixture";

/** A process of its own that restores a backup and stops for good after so many writes: URL, file, writes. */
const [url = "", file = "", lastWrite = ""] = process.argv.slice(2);
const store = await openBackend(url, { clock: systemClock, log: silentLog });
let writes = 0;
const until = async (): Promise<void> => {
  if (writes++ < Number(lastWrite)) return;
  process.send?.("stopped");
  await new Promise(() => undefined); // until it is killed
};
await restoreInto(
  {
    ...store,
    get: (key, options) => store.get(key, options),
    list: (range) => store.list(range),
    currentRevision: () => store.currentRevision(),
    txn: async (transaction) => {
      await until();
      return store.txn(transaction);
    },
  },
  file,
);
