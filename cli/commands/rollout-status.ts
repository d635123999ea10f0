import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { isControlledBy } from "#api/machinery/meta";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { CommandError, defineCommand } from "#cli/define-command";
import { durationFlag } from "#cli/flag-values";
import { LiveArea } from "#cli/live-area";
import { namespaceFlag } from "#cli/objects";
import { outputFlag, outputOf, printDescription } from "#cli/output";
import { liveView } from "#cli/rollout/live-view";
import { progressOf } from "#cli/rollout/progress";
import { strategyStateOf } from "#cli/rollout/strategy";
import { findWorkload, type Found, type Workload, workloadArguments } from "#cli/rollout/workload";
import { untilTrue } from "#cli/wait";

const LOOK_INTERVAL_MS = 500;

export const rolloutStatusCommand = defineCommand({
  name: "rollout status",
  group: "objects",
  summary:
    "Show a roll-out until it is over: versions, requests, pods, the present step and its verdict",
  args: workloadArguments,
  flags: [
    ...clusterFlags,
    namespaceFlag,
    { name: "no-watch", description: "look once; the exit code is 0 also while it is under way" },
    outputFlag,
    {
      name: "timeout",
      value: "DURATION",
      description: "when to stop waiting (0: never)",
      default: "0",
    },
  ],
  examples: [
    {
      command: "kaji rollout status deployment/web",
      explains: "live on a terminal, kubectl's lines on a pipe; exit code 1 when it fails",
    },
    {
      command: "kaji rollout status deployment/web --no-watch",
      explains: "how it stands now, whole",
    },
  ],
  async run(context) {
    const timeoutMs = durationFlag(context, "timeout") || Number.POSITIVE_INFINITY;
    await withConnection(context, async (connection) => {
      const found = await findWorkload(context, connection);
      if (context.isSet("no-watch") || outputOf(context) !== "table") {
        return printDescription(context, {
          value: { name: found.name, ...progressOf(found.object), status: found.object.status },
          name: found.name,
          lines: await viewOf(connection, found, found.object),
        });
      }
      const area = new LiveArea(process.stderr);
      let told = "";
      const look = async (): Promise<boolean> => {
        const { kind, name, namespace } = found.target;
        const live = await connection.client.get(kind, name, namespace);
        const object = { ...live, kind: kind.kind } as Workload;
        const { state, sentence } = progressOf(object);
        if (state === "failed") throw new CommandError(verdictOf(object) || sentence);
        if (area.isLive) area.show(await viewOf(connection, found, object));
        if (sentence !== told && (state === "done" || !area.isLive)) {
          area.clear();
          context.print(sentence);
        }
        told = sentence;
        return state === "done";
      };
      const isDone = await untilTrue(look, {
        ...{ timeoutMs, intervalMs: LOOK_INTERVAL_MS, signal: context.signal },
      }).finally(() => area.clear());
      if (!isDone) throw new CommandError(`timed out waiting for ${found.name}: ${told}`);
    });
  },
});

/** What the controller says of a version that it took back. */
function verdictOf(object: Workload): string {
  if (object.kind !== "Deployment") return "";
  const state = strategyStateOf(object as Parameters<typeof strategyStateOf>[0]);
  return state?.phase === "RolledBack" ? state.message : "";
}

async function viewOf(
  { client }: Connection,
  { target, name }: Found,
  object: Workload,
): Promise<string[]> {
  const { namespace } = target;
  const labelSelector = formatSelector(selectorFromLabelSelector(object.spec.selector));
  const [pods, replicaSets] = await Promise.all([
    client.list(podKind, { namespace, labelSelector }),
    client.list(replicaSetKind, { namespace, labelSelector }),
  ]);
  const own = replicaSets.items.filter((one) => isControlledBy(one, object));
  const state = { object, pods: pods.items, replicaSets: own, nowMs: Date.now() };
  return [name, ...liveView(state)];
}
