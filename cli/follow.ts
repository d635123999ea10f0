import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { CommandContext } from "#cli/define-command";
import { sentenceOf } from "#cli/sentence";
import type { Client } from "#client/client";
import { reflect, type ReflectorSink, type Selection } from "#client/reflector";
import { systemClock } from "#kit/clock";
import { type Log, silentLog } from "#kit/log";
import { systemRng } from "#kit/rng";

/**
 * Mirrors one kind into a sink until the user interrupts, also over restarts of the server: what is refused or does
 * not answer now is thrown, what does not answer later is waited for, and said once for each time.
 */
export async function follow<T extends KubeObject>(
  context: Pick<CommandContext, "signal" | "note">,
  client: Client,
  kind: Kind<T>,
  selection: Selection,
  sink: ReflectorSink<T>,
): Promise<void> {
  await client.list(kind, { ...selection, limit: 1 });
  const log = outageLog((sentence) => context.note(sentence));
  await reflect({
    ...{ client, kind, selection, clock: systemClock, rng: systemRng, signal: context.signal },
    log,
    sink: {
      replace: (objects) => {
        log.over();
        sink.replace(objects);
      },
      apply: (event) => {
        log.over();
        sink.apply(event);
      },
    },
  });
}

/** The reflector tells every failed attempt: people are told of the first only. */
function outageLog(note: (sentence: string) => void): Log & { over(): void } {
  let isTold = false;
  return {
    ...silentLog,
    debug: (_, fields) => {
      const error: unknown = fields?.["error"];
      if (isTold || error === undefined) return;
      isTold = true;
      note(`kaji: the API server is gone (${sentenceOf(error)}): waiting for it`);
    },
    over: () => void (isTold = false),
  };
}
