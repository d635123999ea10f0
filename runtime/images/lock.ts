import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { RuntimeError } from "#runtime/runtime";

/**
 * A lock between processes: flock(2), held by a small child (util-linux `flock` that becomes `cat`) whose
 * stdin is our pipe. When we die, however we die, the pipe closes, the child ends and the kernel lets go;
 * there is no stale lock to break.
 *
 * Invariant: a process holds at most one shared lock per file; further users of it are counted.
 */
export interface FileLock {
  /** Runs `work` while nobody else is in `exclusive`. */
  shared<T>(work: () => Promise<T>): Promise<T>;
  /** Waits until every other user has gone. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` only when nobody else is using the lock; false otherwise. */
  tryExclusive(work: () => Promise<void>): Promise<boolean>;
}

type Release = () => Promise<void>;

/** How long a writer waits for the others before it says who is in the way. */
const LOCK_WAIT_SECONDS = 600;
const BUSY_EXIT_CODE = 75;

export function createFileLock(path: string): FileLock {
  let sharedUsers = 0;
  let sharedHeld: Promise<Release> | undefined;
  // Within the process exclusive users queue here, so that each needs only one child at a time.
  let tail: Promise<unknown> = Promise.resolve();

  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = tail.then(async () => {
      const release = await acquire(path, ["--exclusive", "--timeout", String(LOCK_WAIT_SECONDS)]);
      if (!release) throw busy(path);
      return releasing(release, work);
    });
    tail = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  };

  return {
    exclusive,
    async shared(work) {
      sharedUsers++;
      sharedHeld ??= acquire(path, ["--shared", "--timeout", String(LOCK_WAIT_SECONDS)]).then(
        (release) => {
          if (!release) throw busy(path);
          return release;
        },
      );
      const held = sharedHeld;
      try {
        await held;
        return await work();
      } finally {
        if (--sharedUsers === 0) {
          sharedHeld = undefined;
          const release = await held.catch(() => undefined);
          await release?.();
        }
      }
    },
    async tryExclusive(work) {
      const release = await acquire(path, ["--exclusive", "--nonblock"]);
      if (!release) return false;
      await releasing(release, work);
      return true;
    },
  };
}

async function releasing<T>(release: Release, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string, flags: readonly string[]): Promise<Release | undefined> {
  const child = spawn(
    "flock",
    [
      "--conflict-exit-code",
      String(BUSY_EXIT_CODE),
      "--no-fork",
      ...flags,
      path,
      "sh",
      "-c",
      "echo; exec cat",
    ],
    // A process group of its own: an interrupt from the terminal is for us, and must not take the lock away.
    { stdio: ["pipe", "pipe", "ignore"], detached: true },
  );
  const outcome = await firstOf(child);
  if (outcome === "held") {
    return async () => {
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      const ended = hasEnded ? undefined : once(child, "exit");
      child.stdin?.end();
      await ended;
    };
  }
  if (outcome === BUSY_EXIT_CODE) return undefined;
  throw new RuntimeError("Unavailable", `cannot lock ${path}: ${describe(outcome)}`);
}

function firstOf(child: ChildProcess): Promise<"held" | number | Error> {
  return new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", (code) => resolve(code ?? 1));
    child.stdout?.once("data", () => resolve("held"));
    child.stdin?.on("error", () => undefined); // the exit code says what happened
  });
}

function describe(outcome: number | Error | "held"): string {
  return outcome instanceof Error
    ? `${outcome.message} (the flock command comes with util-linux)`
    : `flock ended with ${outcome}`;
}

function busy(path: string): RuntimeError {
  return new RuntimeError(
    "Unavailable",
    `the image store is in use by another process (lock ${path}) for more than ${LOCK_WAIT_SECONDS} s`,
  );
}
