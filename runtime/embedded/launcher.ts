import { type ChildProcess, execFile, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Log } from "#kit/log";
import { isWantOfRoom } from "#kit/want-of-room";
import { Channel } from "#runtime/embedded/channel";
import { FrameType } from "#runtime/embedded/wire";
import { encodeOperations, type Step } from "#runtime/plan/operations";

const run = promisify(execFile);
/** Longer than any list of operations takes. */
const QUIET_TIMEOUT_SECONDS = 10;
const QUIET_TRIES = 3;

/**
 * Owns the launcher process. It is started early, while this process is small, and again when it died; nothing
 * depends on its life, since supervisors are in sessions of their own.
 */
export class Launcher {
  private readonly binary: string;
  private readonly log: Log;
  private readonly lockFile: string;
  private current: { readonly child: ChildProcess; readonly channel: Channel } | undefined;

  constructor(nativeDir: string, lockFile: string, log: Log) {
    this.binary = join(nativeDir, "kaji-native");
    this.lockFile = lockFile;
    this.log = log;
  }

  /**
   * Resolves when nothing is under way any more that a killed predecessor asked for: a sandbox that is half set up
   * would otherwise be taken for a dead one, and stand later without an owner.
   */
  async untilQuiet(): Promise<void> {
    const timeout = ["--exclusive", "--timeout", String(QUIET_TIMEOUT_SECONDS)];
    for (let left = QUIET_TRIES - 1; ; left--) {
      try {
        await run("flock", [...timeout, this.lockFile, "true"]);
        return;
      } catch (error) {
        if (left > 0 && wasCutShort(error)) continue;
        return this.log.warn("what an earlier launcher was asked to do has not ended", { error });
      }
    }
  }

  start(): void {
    this.channel();
  }

  /** The supervisor's pid, when its sandbox stands. */
  async spawnSupervisor(directory: string, setUp: readonly Step[]): Promise<number> {
    const answer = await this.channel().request(FrameType.spawn, [
      directory,
      encodeOperations(setUp),
    ]);
    return Number(answer.fields[0]?.toString());
  }

  /** Applies a list on the host, in a process of its own. */
  async apply(steps: readonly Step[]): Promise<void> {
    await this.channel().request(FrameType.apply, [encodeOperations(steps)]);
  }

  close(): void {
    this.current?.channel.close();
    this.current = undefined;
  }

  private channel(): Channel {
    if (this.current !== undefined) return this.current.channel;
    const child = spawn(this.binary, ["launcher", this.lockFile], {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
      env: {},
    });
    child.on("error", (error) => this.log.error("cannot start the launcher", { error }));
    const channel = new Channel(child.stdio[3] as Socket);
    const current = { child, channel };
    channel.onClose = () => {
      if (this.current === current) this.current = undefined;
    };
    this.current = current;
    return channel;
  }
}

/** Killed, or not begun for want of room: it says nothing of what it was asked. */
function wasCutShort(error: unknown): boolean {
  const { signal } = error as { readonly signal?: unknown };
  return typeof signal === "string" || isWantOfRoom(error);
}
