import { type Kind, pathOf } from "#api/machinery/define-kind";
import type { KubeList, KubeObject } from "#api/machinery/meta";
import type { Table } from "#api/machinery/table";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { findKinds, resourceName } from "#cli/kind-names";
import {
  allNamespacesFlag,
  namespaceFlag,
  namespaceOf,
  selectorFlag,
  targetOf,
} from "#cli/objects";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { formatTable } from "#cli/table";
import { statusErrorFrom } from "#client/status-response";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

export const getCommand = defineCommand({
  name: "get",
  group: "objects",
  summary: "Show objects",
  args: [
    {
      name: "kind",
      description: "pods, deploy, services,endpointslices, deployments.apps, all",
      isRequired: true,
      completes: "kinds",
    },
    {
      name: "name",
      description: "only these",
      isRequired: false,
      isVariadic: true,
      completes: "objects",
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    allNamespacesFlag,
    selectorFlag,
    {
      name: "field-selector",
      value: "FIELDS",
      description: "only objects with these fields: spec.nodeName=n1",
    },
    outputFlag,
  ],
  examples: [
    {
      command: "kaji get pods -A -o wide",
      explains: "the pods of every namespace, with node and address",
    },
    { command: "kaji get deploy web -o yaml", explains: "one object, whole" },
  ],
  async run(context) {
    const { kinds } = await import("#api/kinds/index");
    const [first = "", ...names] = context.args;
    const [kindText = "", name, ...rest] = first.split("/");
    if (kindText === "" || name === "" || rest.length > 0) {
      throw new CommandError(`"${first}" is not KIND or KIND/NAME: write, for example, pod/web-1`);
    }
    const found = findKinds(kinds, kindText);
    const wanted = name ? [name, ...names] : names;
    if (wanted.length > 0 && found.length > 1) {
      throw new CommandError(
        "names of several kinds at once: ask for one kind, or leave the names out",
      );
    }
    const format = outputOf(context);
    await withConnection(context, async (connection) => {
      if (format === "json" || format === "yaml") {
        context.print(await formatValue(format, await objects(context, connection, found, wanted)));
      } else await printTables(context, connection, found, wanted, format);
    });
  },
});

function request(
  context: CommandContext,
  connection: Connection,
  kind: Kind,
  name: string | undefined,
): { readonly path: string; readonly query: URLSearchParams } {
  const query = new URLSearchParams();
  const namespace = context.isSet("all-namespaces") ? undefined : namespaceOf(context, connection);
  if (name !== undefined) {
    if (namespace === undefined)
      throw new CommandError("a name and --all-namespaces: say which namespace with -n");
    const target = targetOf(kind, name, namespace);
    return { path: pathOf(kind, target.namespace, name), query };
  }
  const labelSelector = context.flag("selector");
  const fieldSelector = context.flag("field-selector");
  if (labelSelector !== undefined) query.set("labelSelector", labelSelector);
  if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
  return { path: pathOf(kind, namespace), query };
}

async function fetch<T>(
  context: CommandContext,
  connection: Connection,
  kind: Kind,
  name: string | undefined,
  accept: string,
): Promise<T> {
  const { path, query } = request(context, connection, kind, name);
  const response = await connection.transport({ method: "GET", path, query, accept });
  if (response.status >= 400 || response.type !== "json") throw statusErrorFrom(response);
  return response.value as T;
}

/** One object when one was named, else a list, as kubectl gives them. */
async function objects(
  context: CommandContext,
  connection: Connection,
  kinds: readonly Kind[],
  names: readonly string[],
): Promise<unknown> {
  const items: KubeObject[] = [];
  for (const kind of kinds) {
    for (const name of names) {
      items.push(await fetch<KubeObject>(context, connection, kind, name, "application/json"));
    }
    if (names.length > 0) continue;
    const list = await fetch<KubeList>(context, connection, kind, undefined, "application/json");
    items.push(...list.items);
  }
  if (names.length === 1) return items[0];
  return { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "" }, items };
}

async function printTables(
  context: CommandContext,
  connection: Connection,
  kinds: readonly Kind[],
  names: readonly string[],
  format: "table" | "wide" | "name",
): Promise<void> {
  let printed = 0;
  for (const kind of kinds) {
    const wanted = names.length > 0 ? names : [undefined];
    const tables: Table[] = [];
    for (const name of wanted) tables.push(await fetch(context, connection, kind, name, TABLE));
    const [first] = tables;
    const rows = tables.flatMap((table) => table.rows);
    if (first === undefined || rows.length === 0) continue;
    if (format === "name") {
      for (const { object } of rows) context.print(resourceName(kind, object?.metadata.name ?? ""));
    } else {
      if (printed > 0) context.print("");
      context.print(
        render({ ...first, rows }, kind, {
          isWide: format === "wide",
          showsNamespace: context.isSet("all-namespaces") && kind.isNamespaced,
          namesKind: kinds.length > 1,
        }),
      );
    }
    printed++;
  }
  if (printed === 0) context.note(nothingFound(context, connection, kinds));
}

function render(
  table: Table,
  kind: Kind,
  {
    isWide,
    showsNamespace,
    namesKind,
  }: { isWide: boolean; showsNamespace: boolean; namesKind: boolean },
): string {
  const shown = table.columnDefinitions.flatMap(({ priority, name }, at) =>
    priority === 0 || isWide ? [{ name, at }] : [],
  );
  const rows = table.rows.map(({ cells, object }) => [
    ...(showsNamespace ? [object?.metadata.namespace ?? ""] : []),
    ...shown.map(({ name, at }) => {
      const cell = String(cells[at] ?? "");
      return namesKind && name === "Name" ? resourceName(kind, cell) : cell;
    }),
  ]);
  return formatTable(
    [...(showsNamespace ? ["namespace"] : []), ...shown.map(({ name }) => name)],
    rows,
  );
}

function nothingFound(
  context: CommandContext,
  connection: Connection,
  kinds: readonly Kind[],
): string {
  const isScoped = kinds.some((kind) => kind.isNamespaced) && !context.isSet("all-namespaces");
  return isScoped
    ? `No resources found in ${namespaceOf(context, connection)} namespace.`
    : "No resources found";
}
