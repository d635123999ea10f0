import { daemonSetKind } from "#api/kinds/daemon-set";
import { deploymentKind } from "#api/kinds/deployment";
import { podKind } from "#api/kinds/pod";
import { statefulSetKind } from "#api/kinds/stateful-set";
import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import { StatusError } from "#api/machinery/status-error";
import { type Connection, clusterFlags, withOrderlyConnection } from "#cli/admin-client";
import { adviceTable } from "#cli/advise/advice-table";
import {
  type ContainerAdvice,
  Observations,
  patchesOf,
  type PodMetrics,
  type Workload,
} from "#cli/advise/workloads";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { LiveArea } from "#cli/live-area";
import { resourceName } from "#cli/kind-names";
import { allNamespacesFlag, namespaceFlag, namespaceOf, targetsOf } from "#cli/objects";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { untilTrue } from "#cli/wait";

/** Nodes measure every ten seconds while somebody asks. */
const LOOK_INTERVAL_MS = 5_000;

export const adviseCommand = defineCommand({
  name: "advise",
  group: "objects",
  summary: "Say what workloads should request of cpu and memory, by what they use",
  args: [
    {
      name: "workload",
      description: "KIND/NAME; without one, every deployment, statefulset and daemonset",
      isRequired: false,
      isVariadic: true,
      completes: "workloads",
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    allNamespacesFlag,
    { name: "for", value: "DURATION", description: "how long to watch", default: "60s" },
    outputFlag,
    { name: "apply", description: "change the workloads so; their pods are rolled out anew" },
  ],
  examples: [
    {
      command: "kaji advise --for 5m",
      explains: "requests and what would be right, of each container of the namespace",
    },
    { command: "kaji advise deployment/web -o yaml", explains: "the change as a patch" },
  ],
  async run(context) {
    const durationMs = durationFlag(context, "for");
    const format = outputOf(context);
    await withOrderlyConnection(context, async (connection) => {
      const workloads = await chosen(context, connection);
      const advice = await watch(context, connection, workloads, durationMs);
      const patches = patchesOf(advice);
      if (format === "json") context.print(await formatValue("json", listOf(patches)));
      else if (format === "yaml") {
        const documents = patches.map((patch) => formatValue("yaml", patch));
        context.print((await Promise.all(documents)).join("\n---\n"));
      } else if (format === "name") {
        for (const patch of patches as Workload[]) context.print(nameOf(patch));
      } else context.print(adviceTable(advice));
      if (context.isSet("apply")) await apply(context, connection, patches);
      else if (patches.length === 0) context.note(NOTHING);
    });
  },
});

function nameOf({ kind, metadata }: Workload): string {
  const known = KINDS.find((one) => one.kind === kind);
  return known ? resourceName(known, metadata.name) : metadata.name;
}

const NOTHING = "nothing to change: requests are near to what is used";

function listOf(items: readonly object[]): unknown {
  return items.length === 1 ? items[0] : { apiVersion: "v1", kind: "List", items };
}

const KINDS: readonly Kind[] = [
  deploymentKind,
  statefulSetKind,
  daemonSetKind,
] as unknown as Kind[];

async function chosen(
  context: CommandContext,
  { client, namespace, transport }: Connection,
): Promise<Workload[]> {
  const place = context.isSet("all-namespaces")
    ? undefined
    : namespaceOf(context, { client, namespace, transport });
  const typed = (kind: Kind, object: object): Workload =>
    ({ ...object, apiVersion: apiVersionOf(kind), kind: kind.kind }) as Workload;
  if (context.args.length > 0) {
    if (place === undefined)
      throw new CommandError("a name and --all-namespaces: say which namespace with -n");
    const { kinds } = await import("#api/kinds/index");
    const targets = targetsOf(kinds, context.args, place);
    if (targets.length === 0)
      throw new CommandError(
        `"${context.args[0]}" is not KIND/NAME: write, for example, deployment/web`,
      );
    return Promise.all(
      targets.map(async ({ kind, name }) => {
        if (!KINDS.some((one) => one.kind === kind.kind)) {
          throw new CommandError(
            `${kind.plural} have no pod template to advise on: name a deployment, a statefulset or a daemonset`,
          );
        }
        return typed(kind, await client.get(kind, name, place));
      }),
    );
  }
  const lists = await Promise.all(
    KINDS.map(async (kind) => {
      const { items } = await client.list(kind, place === undefined ? {} : { namespace: place });
      return items.map((item) => typed(kind, item));
    }),
  );
  const found = lists.flat();
  if (found.length > 0) return found;
  throw new CommandError(
    "there is no deployment, statefulset or daemonset to advise on: name another namespace with -n, or all with -A",
  );
}

async function watch(
  context: CommandContext,
  { client }: Connection,
  workloads: readonly Workload[],
  durationMs: number,
): Promise<ContainerAdvice[]> {
  const observations = new Observations();
  const area = new LiveArea(process.stderr);
  const places = [...new Set(workloads.map(({ metadata }) => metadata.namespace ?? ""))];
  const adviceNow = (): ContainerAdvice[] =>
    workloads.flatMap((one) => observations.adviceFor(one));
  const look = async (): Promise<boolean> => {
    for (const namespace of places) {
      const [pods, metrics] = await Promise.all([
        client.list(podKind, { namespace }),
        client
          .raw("GET", `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`)
          .catch(unmeasured),
      ]);
      observations.add(workloads, pods.items, (metrics as { items: PodMetrics[] }).items);
    }
    area.show(adviceTable(adviceNow()).split("\n"));
    return context.signal.aborted;
  };
  await untilTrue(look, {
    timeoutMs: durationMs,
    intervalMs: Math.min(LOOK_INTERVAL_MS, durationMs),
  });
  area.clear();
  const advice = adviceNow();
  if (advice.some((one) => one.advice)) return advice;
  throw new CommandError(
    "no container of these workloads was measured: none of their pods runs, or --for is too short for the nodes to send figures",
  );
}

function unmeasured(error: unknown): never {
  if (!(error instanceof StatusError)) throw error;
  throw new CommandError("the cluster does not say what pods use", { cause: error });
}

async function apply(
  context: CommandContext,
  { client }: Connection,
  patches: readonly object[],
): Promise<void> {
  for (const body of patches as Workload[]) {
    const kind = KINDS.find((one) => one.kind === body.kind);
    if (!kind) continue;
    const { name, namespace = "" } = body.metadata;
    await client.patch(
      kind,
      { name, namespace },
      { type: "strategic", body, fieldManager: "kaji-advise" },
    );
    // Where the patches are printed, they stand alone.
    const say = context.isSet("output") ? context.note : context.print;
    say(`${resourceName(kind, name)} patched`);
  }
  if (patches.length === 0) context.note(NOTHING);
}
