import { eventKind } from "#api/kinds/event";
import type { Event } from "#api/schema/types";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { EventFeed } from "#cli/events/event-feed";
import { bySeen, eventColumns, typesOf } from "#cli/events/event-rows";
import { follow } from "#cli/follow";
import { allNamespacesFlag, namespaceFlag, namespaceOf, targetsOf } from "#cli/objects";
import { type Column, formatValue, outputFlag, outputOf, printListing } from "#cli/output";
import { TableWriter } from "#cli/table-writer";
import { watchFlag } from "#cli/watch-view";
import type { Selection } from "#client/reflector";

export const eventsCommand = defineCommand({
  name: "events",
  group: "objects",
  summary: "Show what happened, the newest last",
  flags: [
    ...clusterFlags,
    namespaceFlag,
    allNamespacesFlag,
    {
      name: "for",
      value: "KIND/NAME",
      description: "only what happened to this object",
      completes: "objects",
    },
    {
      name: "types",
      value: "TYPES",
      description: "only these: Normal, Warning",
      values: ["Normal", "Warning"],
    },
    { ...watchFlag, description: "go on as things happen, also over a restart of the server" },
    { name: "no-headers", description: "without the line that names the columns" },
    outputFlag,
  ],
  examples: [
    { command: "kaji events -A --types Warning", explains: "what went wrong in the last hour" },
    { command: "kaji events --for pod/web-1 -w", explains: "of one pod, as it happens" },
  ],
  async run(context) {
    const types = typesOf(context.flag("types"));
    const isWanted = ({ type }: Event): boolean => !types || types.has(type ?? "");
    await withConnection(context, async (connection) => {
      const selection = await selectionOf(context, connection);
      const columns = eventColumns({
        nowMs: Date.now,
        showsNamespace: selection.namespace === undefined,
        paint: context.paint,
      });
      if (context.isSet("watch")) {
        const print = printerFor(context, columns);
        const feed = new EventFeed((events) => print(events.filter(isWanted)));
        return follow(context, connection.client, eventKind, selection, feed);
      }
      const { items } = await connection.client.list(eventKind, selection);
      const rows = items.filter(isWanted).toSorted(bySeen);
      if (context.isSet("no-headers") && outputOf(context) === "table") {
        return printerFor(context, columns)(rows);
      }
      await printListing(context, {
        rows,
        columns,
        nameOf,
        value: { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items: rows },
        none: noneOf(selection),
      });
    });
  },
});

function nameOf({ metadata }: Event): string {
  return `event/${metadata.name}`;
}

function noneOf({ namespace }: Selection): string {
  return namespace === undefined ? "No events found" : `No events found in ${namespace} namespace.`;
}

async function selectionOf(context: CommandContext, connection: Connection): Promise<Selection> {
  const isEverywhere = context.isSet("all-namespaces");
  const namespace = namespaceOf(context, connection);
  const about = context.flag("for");
  if (about === undefined) return isEverywhere ? {} : { namespace };
  const { kinds } = await import("#api/kinds/index");
  if (!about.includes("/")) {
    throw new CommandError(`--for ${about} is not KIND/NAME: write, for example, pod/${about}`);
  }
  const [target] = targetsOf(kinds, [about], namespace);
  if (!target) return { namespace };
  const { kind, name } = target;
  const fieldSelector = `involvedObject.kind=${kind.kind},involvedObject.name=${name}`;
  if (isEverywhere) return { fieldSelector };
  // What happens to objects of the cluster is told in the namespace "default".
  const place = kind.isNamespaced ? namespace : (context.flag("namespace") ?? "default");
  return { fieldSelector, namespace: place };
}

/** Prints events as they come: a table that goes on, or one document each. */
function printerFor(
  context: CommandContext,
  columns: readonly Column<Event>[],
): (events: readonly Event[]) => void {
  const format = outputOf(context);
  if (format === "name") return (events) => events.forEach((one) => context.print(nameOf(one)));
  if (format === "json") {
    return (events) => events.forEach((one) => context.print(JSON.stringify(one)));
  }
  if (format === "yaml") {
    // One after another, in the order in which they came.
    let written = Promise.resolve();
    return (events) => {
      for (const one of events) {
        written = written.then(async () => context.print(`---\n${await formatValue("yaml", one)}`));
      }
    };
  }
  const shown = columns.filter((column) => format === "wide" || !column.isWide);
  const header = context.isSet("no-headers") ? undefined : shown.map(({ name }) => name);
  const table = new TableWriter(header, shown.length);
  return (events) => {
    const rows = events.map((event) => shown.map((column) => column.value(event)));
    for (const line of table.lines(rows)) context.print(line);
  };
}
