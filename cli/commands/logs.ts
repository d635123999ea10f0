import { podKind } from "#api/kinds/pod";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { allNamespacesFlag, namespaceFlag, selectorFlag } from "#cli/objects";
import type { LogTarget, Wanted } from "#cli/logs/log-sources";
import type { LogPart } from "#cli/logs/log-stream";

export const logsCommand = defineCommand({
  name: "logs",
  group: "objects",
  summary: "Print what containers wrote: of a pod, or of all pods of a workload, merged by time",
  args: [
    {
      name: "target",
      description: "a pod, or KIND/NAME: deployment/web, job/report, service/web",
      isRequired: false,
      completes: "log-sources",
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    allNamespacesFlag,
    selectorFlag,
    { name: "container", short: "c", value: "NAME", description: "which, when there are several" },
    {
      name: "all",
      description: "every container of each pod; without a target, every pod of the namespace",
    },
    {
      name: "follow",
      short: "f",
      description: "go on as it is written, with the pods that come later",
    },
    { name: "previous", short: "p", description: "of the run before the last restart" },
    {
      name: "tail",
      value: "LINES",
      description: "only the last lines (default: all of one pod, 10 of each of several; -1: all)",
    },
    { name: "since", value: "DURATION", description: "only what is not older: 5m" },
    { name: "since-time", value: "TIME", description: "only what was written since this time" },
    { name: "timestamps", description: "with the time of each line" },
  ],
  examples: [
    { command: "kaji logs web-1 -f --tail 20", explains: "the last 20 lines and those to come" },
    { command: "kaji logs web-1 --all", explains: "every container, each line with its name" },
    {
      command: "kaji logs deployment/web -f --since 5m",
      explains: "all its pods, also those of the next roll-out; each line with pod and container",
    },
    { command: "kaji logs --all -n shop", explains: "every container of a namespace, by time" },
  ],
  async run(context) {
    const { logTargetOf } = await import("#cli/logs/log-sources");
    const { logPartOf } = await import("#cli/logs/log-stream");
    const part = logPartOf(context);
    if (context.isSet("follow") && context.isSet("previous")) {
      throw new CommandError("--follow and --previous: a run that is over writes nothing more");
    }
    await withConnection(context, async (connection) => {
      const target = await logTargetOf(context, connection);
      if (target.pod !== undefined && !context.isSet("all")) {
        return printOne(context, connection, target, part);
      }
      const hasBounds = context.flag("tail") !== undefined || part.sinceSeconds !== undefined;
      const isOne = target.pod !== undefined || hasBounds || part.sinceTime !== undefined;
      const shown = isOne ? part : { ...part, tailLines: FEW_LINES };
      if (context.isSet("follow")) await followAll(context, connection, target, shown);
      else await printAll(context, connection, target, shown);
    });
  },
});

/** Of each of several pods, as kubectl does where it is given a selector. */
const FEW_LINES = 10;

/** One container, byte by byte. */
async function printOne(
  context: CommandContext,
  connection: Connection,
  { selection: { namespace = "default" }, pod = "" }: LogTarget,
  part: LogPart,
): Promise<void> {
  const { logChunks } = await import("#cli/logs/log-stream");
  const { writeOut } = await import("#cli/stdout");
  const request = {
    ...part,
    ...{ namespace, pod, container: context.flag("container") },
    ...{ follow: context.isSet("follow"), previous: context.isSet("previous") },
    timestamps: context.isSet("timestamps"),
  };
  try {
    for await (const chunk of logChunks(connection, request, context.signal)) await writeOut(chunk);
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
}

function wantedOf(context: CommandContext): Wanted {
  const container = context.flag("container");
  return { container, all: context.isSet("all"), previous: context.isSet("previous") };
}

async function printAll(
  context: CommandContext,
  connection: Connection,
  target: LogTarget,
  part: LogPart,
): Promise<void> {
  const { nothingOf, sourcesOf } = await import("#cli/logs/log-sources");
  const { logLines } = await import("#cli/logs/log-stream");
  const { mergeByTime } = await import("#cli/logs/log-lines");
  const { MAX_FOLLOWED } = await import("#cli/logs/log-follower");
  const { lineWriter } = await import("#cli/logs/line-writer");
  const { items } = await connection.client.list(podKind, target.selection);
  const sources = items.flatMap((pod) => sourcesOf(pod, wantedOf(context)));
  if (sources.length === 0) return context.note(nothingOf(target, items.length));
  if (sources.length > MAX_FOLLOWED) {
    throw new CommandError(
      `${sources.length} containers are meant, and ${MAX_FOLLOWED} are read at once at most: choose fewer with -l, -c or -n`,
    );
  }
  const previous = context.isSet("previous");
  const write = lineWriter(context, target);
  const logs = sources.map((source) => {
    const { namespace, pod, container } = source;
    const request = { ...part, namespace, pod, container, previous };
    return { source, lines: logLines(connection, request, context.signal) };
  });
  try {
    for await (const { source, line } of mergeByTime(logs)) await write(source, line);
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
}

async function followAll(
  context: CommandContext,
  connection: Connection,
  target: LogTarget,
  firstPart: LogPart,
): Promise<void> {
  const { sourcesOf } = await import("#cli/logs/log-sources");
  const { logLines } = await import("#cli/logs/log-stream");
  const { LogFollower } = await import("#cli/logs/log-follower");
  const { lineWriter } = await import("#cli/logs/line-writer");
  const { follow } = await import("#cli/follow");
  const { systemClock } = await import("#kit/clock");
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const endWhenOver = (): void => {
    if (target.ends && follower.isOver) over.abort();
  };
  const follower = new LogFollower({
    sourcesOf: (pod) => sourcesOf(pod, wantedOf(context)),
    open: ({ namespace, pod, container }, part, until) =>
      logLines(connection, { ...part, namespace, pod, container, follow: true }, until),
    write: lineWriter(context, target),
    note: (sentence) => context.note(sentence),
    ended: endWhenOver,
    ...{ firstPart, clock: systemClock, signal },
  });
  await follow({ ...context, signal }, connection.client, podKind, target.selection, {
    replace: (pods) => {
      follower.replace(pods);
      endWhenOver();
    },
    apply: (event) => {
      follower.apply(event);
      endWhenOver();
    },
  });
}
