import { clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { namespaceFlag, namespaceOf, targetsOf } from "#cli/objects";
import { type Listing, outputFlag, outputOf, printListing } from "#cli/output";
import {
  beginningOf,
  duration,
  summaryOf,
  timelineOf,
  type TraceShown,
} from "#api/traces/timeline";
import type { Client } from "#client/client";

const COLUMNS = ["at", "took", "part", "what", "object"] as const;

export const traceCommand = defineCommand({
  name: "trace",
  group: "objects",
  summary: "Follow a change from its request to the container's start",
  args: [
    {
      name: "what",
      description: "an object, as KIND/NAME, or the id of a trace (default: the newest traces)",
      isRequired: false,
      completes: "objects",
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    {
      name: "all",
      description: "each commit to the store and each event of its watch too",
    },
    {
      name: "last",
      value: "NUMBER",
      description: "how many of the object's traces are shown, the newest first",
    },
    outputFlag,
  ],
  examples: [
    {
      command: "kaji trace deployment/web",
      explains: "what its last change led to, and how long each part took",
    },
    {
      command: "kaji trace 4bf92f3577b34da6a3ce929d0e0e4736",
      explains: "one trace, by the id in the answer's traceparent header or in a log line",
    },
    { command: "kaji trace", explains: "the newest traces of the server" },
  ],
  async run(context) {
    const [what] = context.args;
    await withConnection(context, async (connection) => {
      const { client } = connection;
      const query = new URLSearchParams(
        await questionOf(client, what, () => namespaceOf(context, connection)),
      );
      const last = context.flag("last");
      if (last !== undefined) query.set("limit", last);
      const path = `/kaji/v1/traces?${query.toString()}`;
      const answer = (await client.raw("GET", path)) as Answer;
      const { traces, missing = [] } = answer;
      for (const one of missing) context.note(`its spans are missing: ${one}`);
      if (traces.length === 0) throw new CommandError(nothingOf(what));
      if (outputOf(context) !== "table") await printAll(context, answer);
      else if (what === undefined) await printListing(context, listingOf(traces));
      else for (const trace of traces) await printTimeline(context, trace);
    });
  },
});

interface Answer {
  readonly traces: readonly TraceShown[];
  readonly missing?: readonly string[];
}

async function questionOf(
  client: Client,
  what: string | undefined,
  namespace: () => string,
): Promise<Record<string, string>> {
  if (what === undefined) return {};
  if (/^[0-9a-f]{32}$/.test(what)) return { id: what };
  if (!what.includes("/")) {
    throw new CommandError(
      `"${what}" is neither KIND/NAME, such as deployment/web, nor the 32 digits of a trace`,
    );
  }
  const { kinds } = await import("#api/kinds/index");
  const [target] = targetsOf(kinds, [what], namespace());
  if (!target) return {};
  const { metadata } = await client.get(target.kind, target.name, target.namespace);
  return { uid: metadata.uid ?? "" };
}

function nothingOf(what: string | undefined): string {
  const kept =
    "the server keeps the newest 16,384 spans since its start, unless --trace-ratio is 0";
  return what === undefined
    ? `there are no traces yet: ${kept}`
    : `there is no trace of ${what} any more: ${kept}`;
}

async function printAll(context: CommandContext, answer: Answer): Promise<void> {
  const nameOf = ({ traceId }: TraceShown): string => `trace/${traceId}`;
  await printListing(context, { rows: answer.traces, columns: [], nameOf, value: answer });
}

function listingOf(traces: readonly TraceShown[]): Listing<TraceShown> {
  return {
    rows: traces,
    nameOf: ({ traceId }) => `trace/${traceId}`,
    columns: [
      { name: "TRACE", value: ({ traceId }) => traceId },
      { name: "BEGAN", value: ({ startMs }) => new Date(startMs).toISOString() },
      { name: "TOOK", value: ({ startMs, endMs }) => duration(endMs - startMs) },
      { name: "SPANS", value: ({ spans }) => String(spans.length) },
      { name: "WHAT", value: beginningOf },
    ],
  };
}

async function printTimeline(context: CommandContext, trace: TraceShown): Promise<void> {
  context.print(summaryOf(trace));
  const columns = COLUMNS.map((name) => ({
    name: name.toUpperCase(),
    value: (row: ReturnType<typeof timelineOf>[number]) => row[name],
  }));
  const rows = timelineOf(trace, { withDetails: context.isSet("all") });
  await printListing(context, { rows, columns, nameOf: ({ what }) => what });
}
