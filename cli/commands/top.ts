import { StatusError } from "#api/machinery/status-error";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { allNamespacesFlag, namespaceFlag, namespaceOf, selectorFlag } from "#cli/objects";
import {
  type Description,
  type Listing,
  listingTable,
  outputFlag,
  outputOf,
  printListing,
} from "#cli/output";
import type { NodeUse } from "#cli/top/node-rows";
import { sortByFlag, sorted } from "#cli/top/sort-by";
import { repeat, watchFlag } from "#cli/watch-view";

export const topCommand = defineCommand({
  name: "top",
  group: "objects",
  summary: "Show what nodes or pods use, against what they may: how full, how overcommitted",
  args: [
    {
      name: "kind",
      description: "nodes (when left out) or pods",
      isRequired: false,
      values: ["nodes", "pods"],
    },
    { name: "name", description: "only this one", isRequired: false, completes: "objects" },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    allNamespacesFlag,
    selectorFlag,
    { name: "containers", description: "of pods: a row for each container" },
    sortByFlag,
    watchFlag,
    outputFlag,
  ],
  examples: [
    {
      command: "kaji top",
      explains: "use, requests and limits of each node; limits above 100 % are overcommitted",
    },
    { command: "kaji top pods -A --sort-by memory", explains: "who has the memory" },
    { command: "kaji top nodes -w", explains: "live" },
  ],
  async run(context) {
    const look = looks[kindOf(context)];
    await withConnection(context, async (connection) => {
      if (!context.isSet("watch")) return printListing(context, await look(context, connection));
      await repeat(context, async () => descriptionOf(context, await look(context, connection)));
    });
  },
});

type Kind = "nodes" | "pods";

const spellings: Readonly<Record<string, Kind>> = {
  ...{ node: "nodes", nodes: "nodes", no: "nodes" },
  ...{ pod: "pods", pods: "pods", po: "pods" },
};

function kindOf({ args: [text = "nodes"] }: CommandContext): Kind {
  const kind = Object.hasOwn(spellings, text) ? spellings[text] : undefined;
  if (kind) return kind;
  throw new CommandError(`kaji top shows nodes and pods, and not "${text}": \`kaji top pods\``);
}

type AnyListing = Listing<{ readonly name: string }>;

const looks: Readonly<
  Record<Kind, (context: CommandContext, connection: Connection) => Promise<AnyListing>>
> = { nodes: lookAtNodes, pods: lookAtPods };

function descriptionOf(context: CommandContext, listing: AnyListing): Description {
  const { rows, nameOf, value = rows, none = "" } = listing;
  const table = listingTable(listing, outputOf(context) === "wide");
  return {
    value,
    name: rows.map(nameOf).join("\n"),
    lines: rows.length > 0 ? table.split("\n") : [none],
  };
}

async function lookAtNodes(context: CommandContext, { client }: Connection): Promise<AnyListing> {
  const { nodeKind } = await import("#api/kinds/node");
  const { podKind } = await import("#api/kinds/pod");
  const { nodeColumns, nodeOrders, nodeRows } = await import("#cli/top/node-rows");
  const labelSelector = context.flag("selector");
  const [nodes, pods, uses] = await Promise.all([
    client.list(nodeKind, labelSelector === undefined ? {} : { labelSelector }),
    client.list(podKind),
    measured(client.raw("GET", "/apis/metrics.k8s.io/v1beta1/nodes") as Promise<NodeUses>),
  ]);
  const all = nodeRows(nodes.items, pods.items, uses?.items ?? []);
  return {
    rows: sorted(context, only(context, all, "nodes"), nodeOrders),
    columns: nodeColumns,
    nameOf: ({ name }) => `node/${name}`,
    none: "the cluster has no node: `kaji up` starts this machine's",
  };
}

async function lookAtPods(context: CommandContext, connection: Connection): Promise<AnyListing> {
  const { podKind } = await import("#api/kinds/pod");
  const { podColumns, podOrders, podRows } = await import("#cli/top/pod-rows");
  const { podUse } = await import("#cli/why/surroundings");
  const isEverywhere = context.isSet("all-namespaces");
  const namespace = isEverywhere ? undefined : namespaceOf(context, connection);
  const labelSelector = context.flag("selector");
  const { client } = connection;
  const [pods, uses] = await Promise.all([
    client.list(podKind, {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
    }),
    measured(podUse(client, namespace, labelSelector)),
  ]);
  const byContainer = context.isSet("containers");
  const all = podRows(pods.items, uses ?? [], byContainer);
  return {
    rows: sorted(context, only(context, all, "pods"), podOrders),
    columns: podColumns({ showsNamespace: isEverywhere, byContainer }),
    nameOf: ({ name }) => `pod/${name}`,
    none: isEverywhere ? "No pods found" : `No pods found in ${namespace} namespace.`,
  };
}

/** The one that was named, or all. */
function only<Row extends { readonly name: string }>(
  { args: [, name] }: CommandContext,
  rows: readonly Row[],
  kind: Kind,
): readonly Row[] {
  if (name === undefined) return rows;
  const found = rows.filter((row) => row.name === name);
  if (found.length > 0) return found;
  throw new CommandError(`${kind} "${name}" not found: \`kaji get ${kind}\` lists those there are`);
}

/** undefined: nobody measures. */
async function measured<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof StatusError && (error.code === 404 || error.code === 503)) {
      return undefined;
    }
    throw error;
  }
}

interface NodeUses {
  readonly items: readonly NodeUse[];
}
