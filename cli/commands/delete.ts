import { StatusError, undefinedWhenNotFound } from "#api/machinery/status-error";
import { type Connection, clusterFlags, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand } from "#cli/define-command";
import { findKind } from "#cli/kind-names";
import { readManifests } from "#cli/manifests";
import {
  fileFlag,
  namespaceFlag,
  namespaceOf,
  type ObjectTarget,
  placeManifest,
  selectorFlag,
  targetOf,
  targetsOf,
} from "#cli/objects";
import { untilTrue } from "#cli/wait";

const GONE_TIMEOUT_MS = 60_000;
const GONE_INTERVAL_MS = 100;

export const deleteCommand = defineCommand({
  name: "delete",
  group: "objects",
  summary: "Delete objects by name, by label, or as files name them",
  args: [
    {
      name: "kind",
      description: "a kind, or KIND/NAME",
      isRequired: false,
      completes: "kinds",
    },
    {
      name: "name",
      description: "the objects",
      isRequired: false,
      isVariadic: true,
      completes: "objects",
    },
  ],
  flags: [
    ...clusterFlags,
    namespaceFlag,
    selectorFlag,
    fileFlag,
    { name: "ignore-not-found", description: "what is not there is as good as deleted" },
    { name: "grace-period", value: "SECONDS", description: "how long pods have to end" },
    { name: "wait", description: "until they are gone, for up to a minute" },
  ],
  examples: [
    { command: "kaji delete pod web-1", explains: "one object" },
    {
      command: "kaji delete -f manifests/ --ignore-not-found",
      explains: "whatever the files name",
    },
  ],
  async run(context) {
    const { kinds } = await import("#api/kinds/index");
    const files = context.flags("filename");
    const manifests = files.length > 0 ? await readManifests(files) : [];
    await withConnection(context, async (connection) => {
      const namespace = namespaceOf(context, connection);
      const [kindText] = context.args;
      const selector = context.flag("selector");
      const targets = [
        ...manifests.map((manifest) => placeManifest(kinds, manifest, context, connection).target),
        ...targetsOf(kinds, context.args, namespace),
        ...(kindText && selector !== undefined
          ? await selected(connection, targetOf(findKind(kinds, kindText), "", namespace), selector)
          : []),
      ];
      if (targets.length === 0 && selector === undefined) {
        throw new CommandError(
          "nothing to delete: name a kind and an object, a selector with -l, or a file with -f",
        );
      }
      for (const target of targets) await remove(context, connection, target);
      if (context.isSet("wait")) await untilGone(context, connection, targets);
    });
  },
});

async function selected(
  { client }: Connection,
  { kind, namespace }: ObjectTarget,
  labelSelector: string,
): Promise<readonly ObjectTarget[]> {
  const list = await client.list(kind, { labelSelector, ...(namespace ? { namespace } : {}) });
  return list.items.map(({ metadata }) => ({
    kind,
    name: metadata.name,
    ...(namespace ? { namespace } : {}),
  }));
}

async function remove(
  context: CommandContext,
  { client }: Connection,
  { kind, name, namespace }: ObjectTarget,
): Promise<void> {
  const grace = context.flag("grace-period");
  const gracePeriodSeconds = grace === undefined ? undefined : Number(grace);
  if (
    gracePeriodSeconds !== undefined &&
    !(Number.isInteger(gracePeriodSeconds) && gracePeriodSeconds >= 0)
  ) {
    throw new CommandError(
      `--grace-period ${grace} is not a number of seconds: give a whole number`,
    );
  }
  try {
    await client.delete(
      kind,
      { name, ...(namespace ? { namespace } : {}) },
      {
        propagationPolicy: "Background",
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      },
    );
  } catch (error) {
    const isGone = error instanceof StatusError && error.code === 404;
    if (isGone && context.isSet("ignore-not-found")) return;
    throw error;
  }
  const group = kind.group ? `.${kind.group}` : "";
  context.print(`${kind.singular}${group} "${name}" deleted`);
}

async function untilGone(
  { signal }: Pick<CommandContext, "signal">,
  { client }: Connection,
  targets: readonly ObjectTarget[],
): Promise<void> {
  for (const { kind, name, namespace } of targets) {
    const isGone = async (): Promise<boolean> => {
      const left = await client.get(kind, name, namespace).catch(undefinedWhenNotFound);
      return left === undefined;
    };
    const what = `until ${kind.singular} ${name} is gone`;
    const limits = { timeoutMs: GONE_TIMEOUT_MS, intervalMs: GONE_INTERVAL_MS, what, signal };
    if (await untilTrue(isGone, limits)) continue;
    throw new CommandError(
      `${kind.singular} "${name}" is still there after ${GONE_TIMEOUT_MS / 1000} s: its finalizers or its node keep it`,
    );
  }
}
