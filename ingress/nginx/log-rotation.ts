import { type FSWatcher, existsSync, renameSync, statSync, watch } from "node:fs";
import { copyFile, truncate } from "node:fs/promises";
import { basename, join } from "node:path";
import { errorChain, type Log } from "#kit/log";

/**
 * Keeps nginx's logs bounded: nothing is looked at while nothing is written, and a file that grows is looked at
 * twice a second. One that is longer than `maxBytes` becomes FILE.1, FILE.1 becomes FILE.2 and so on; the oldest goes.
 *
 * Invariant: a log never has more than (`kept` + 1) files of `maxBytes`, and what is written in a look's interval.
 */
export interface RotatedLog {
  readonly file: string;
  readonly maxBytes: number;
  /** Older files. */
  readonly kept: number;
  /**
   * Makes the writers open the file anew after it was renamed. Without it the file is copied and emptied in place, for
   * writers that cannot be told; what they write meanwhile is lost.
   */
  readonly reopen?: () => void;
}

const LOOK_MS = 500;

export function keepRotated(
  folder: string,
  logs: readonly RotatedLog[],
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal },
): Promise<void> {
  const look = async (): Promise<void> => {
    for (const one of logs) await rotateIfLong(one);
  };
  let due: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const lookSoon = (): void => {
    due ??= setTimeout(() => {
      due = undefined;
      work = work.then(look).catch((error: unknown) => {
        log.warn("a log of nginx could not be rotated", { error: errorChain(error) });
      });
    }, LOOK_MS);
  };
  const names = new Set(logs.map(({ file }) => basename(file)));
  const watcher: FSWatcher = watch(folder, (_, name) => {
    if (name !== null && names.has(name)) lookSoon();
  });
  watcher.on("error", (error) => {
    log.warn("the logs of nginx are not rotated any more", { error: errorChain(error) });
  });
  lookSoon();
  return new Promise((resolve) => {
    const stop = (): void => {
      watcher.close();
      clearTimeout(due);
      void work.then(resolve);
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

async function rotateIfLong({ file, maxBytes, kept, reopen }: RotatedLog): Promise<void> {
  if (!existsSync(file) || statSync(file).size <= maxBytes) return;
  for (let age = kept - 1; age >= 1; age--) {
    if (existsSync(`${file}.${age}`)) renameSync(`${file}.${age}`, `${file}.${age + 1}`);
  }
  if (reopen) {
    renameSync(file, `${file}.1`);
    reopen();
  } else {
    await copyFile(file, `${file}.1`);
    await truncate(file, 0);
  }
}

/** What nginx writes: requests (opened anew by a signal), and complaints, which also workers of a killed master write. */
export function nginxLogs(
  logDir: string,
  accessLog: string | undefined,
  reopen: () => void,
): RotatedLog[] {
  const errors = { file: join(logDir, "nginx-error.log"), maxBytes: 16 * 2 ** 20, kept: 1 };
  if (accessLog === undefined) return [errors];
  return [errors, { file: join(logDir, accessLog), maxBytes: 64 * 2 ** 20, kept: 3, reopen }];
}
