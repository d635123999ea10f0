import { isPodTerminal } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { type LogLine, sortableTime } from "#cli/logs/log-lines";
import { isRunning, type LogSource } from "#cli/logs/log-sources";
import type { LogPart } from "#cli/logs/log-stream";
import { sentenceOf } from "#cli/sentence";
import { type Clock, sleep } from "#kit/clock";

/** Containers that are followed at the same time: each is a stream on the server and on its node. */
export const MAX_FOLLOWED = 100;
const REOPEN_AFTER_MS = 1_000;

export interface FollowerOptions {
  /** The containers of a pod that are wanted and have logs now. */
  sourcesOf(pod: Pod): readonly LogSource[];
  open(source: LogSource, part: LogPart, signal: AbortSignal): AsyncIterable<LogLine>;
  write(source: LogSource, line: LogLine): Promise<void>;
  note(sentence: string): void;
  /** Called when one of them has ended. */
  ended(): void;
  /** Of what is there at the beginning; of pods that come later, everything. */
  readonly firstPart: LogPart;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Follows the logs of the pods that a reflector delivers: those that are there, those that come, and each container
 * again after it was started anew. A stream that breaks while its container runs (the server was away) is opened again
 * where it ended. Owns one task for each container that is followed.
 */
export class LogFollower {
  private readonly options: FollowerOptions;
  private pods = new Map<string, Pod>();
  /** By container: the start of it that is followed, or was. */
  private readonly runs = new Map<string, string>();
  private readonly tasks = new Map<string, Promise<void>>();
  private isFirst = true;
  private isFull = false;

  constructor(options: FollowerOptions) {
    this.options = options;
  }

  replace(pods: readonly Pod[]): void {
    this.pods = new Map(pods.map((pod) => [uidOf(pod), pod]));
    for (const key of this.runs.keys()) if (!this.pods.has(podOf(key))) this.runs.delete(key);
    for (const pod of pods) this.join(pod);
    this.isFirst = false;
  }

  apply({ type, object }: { readonly type: string; readonly object: Pod }): void {
    if (type === "DELETED") {
      this.pods.delete(uidOf(object));
      // Pods that come and go for weeks are not remembered.
      for (const key of this.runs.keys()) if (podOf(key) === uidOf(object)) this.runs.delete(key);
    } else {
      this.pods.set(uidOf(object), object);
      this.join(object);
    }
  }

  /** Nothing is followed any more, and no pod is there that could write again. */
  get isOver(): boolean {
    return this.tasks.size === 0 && [...this.pods.values()].every((pod) => isPodTerminal(pod));
  }

  private join(pod: Pod): void {
    for (const source of this.options.sourcesOf(pod)) {
      const key = `${source.podUid}/${source.container}`;
      if (this.tasks.has(key) || this.runs.get(key) === source.run) continue;
      if (this.tasks.size >= MAX_FOLLOWED) return this.tellFull();
      this.runs.set(key, source.run);
      const part = this.isFirst ? this.options.firstPart : {};
      const task = this.follow(source, part)
        .catch((error: unknown) =>
          this.options.note(
            `kaji: the log of ${source.pod}/${source.container} ended: ${sentenceOf(error)}`,
          ),
        )
        .then(() => {
          this.tasks.delete(key);
          const live = this.pods.get(source.podUid);
          if (live && !this.options.signal.aborted) this.join(live);
          this.options.ended();
        });
      this.tasks.set(key, task);
    }
  }

  private tellFull(): void {
    if (this.isFull) return;
    this.isFull = true;
    this.options.note(
      `kaji: ${MAX_FOLLOWED} containers are followed, and no more at once: choose fewer with -l or -c`,
    );
  }

  private async follow(source: LogSource, firstPart: LogPart): Promise<void> {
    const { signal, clock, open, write } = this.options;
    let last = "";
    for (let part = firstPart; ; part = last === "" ? part : { sinceTime: last }) {
      const seen = last;
      try {
        for await (const line of open(source, part, signal)) {
          // Times are asked for by the second, and lines of that second come again.
          if (seen !== "" && sortableTime(line.time) <= sortableTime(seen)) continue;
          last = line.time;
          await write(source, line);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!isRunning(this.pods.get(source.podUid), source)) throw error;
      }
      if (signal.aborted || !isRunning(this.pods.get(source.podUid), source)) return;
      await sleep(clock, REOPEN_AFTER_MS, signal);
      if (signal.aborted || !isRunning(this.pods.get(source.podUid), source)) return;
    }
  }
}

/** Of a key of `runs`. */
function podOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/"));
}

function uidOf({ metadata }: Pod): string {
  return metadata.uid ?? metadata.name;
}
