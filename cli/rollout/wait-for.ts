import { podKind } from "#api/kinds/pod";
import type { Kind } from "#api/machinery/define-kind";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import type { KubeObject } from "#api/machinery/meta";
import { undefinedWhenNotFound } from "#api/machinery/status-error";
import type { LabelSelector } from "#api/schema/types";
import { whyPod } from "#api/why/pod";
import { CommandError } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import type { LiveArea } from "#cli/live-area";
import type { Progress } from "#cli/rollout/progress";
import { untilTrue } from "#cli/wait";
import type { Client } from "#client/client";

/** Waits until workloads are rolled out, and shows how far they are. */
export interface Awaited {
  readonly kind: Kind;
  readonly name: string;
  readonly namespace?: string;
}

export interface WaitOptions {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly area: LiveArea;
  progressOf(object: KubeObject): Progress;
  /** Between two looks; a deploy that lost its release throws here. */
  onLook?(): void;
}

const LOOK_INTERVAL_MS = 500;

/** Throws CommandError for the first that fails, or when the time is over, with what the pods say. */
export async function waitFor(
  client: Client,
  items: readonly Awaited[],
  options: WaitOptions,
): Promise<void> {
  const { area, signal, deadlineMs } = options;
  const told = new Map<Awaited, string>();
  let left = [...items];
  const look = async (): Promise<boolean> => {
    if (signal.aborted) throw new CommandError("interrupted while waiting for the roll-out");
    options.onLook?.();
    const looks = await Promise.all(
      left.map(async (item) => ({ item, ...(await lookAt(client, item, options)) })),
    );
    for (const { item, state, sentence, object } of looks) {
      const isNews = told.get(item) !== sentence;
      told.set(item, sentence);
      if (state === "failed")
        throw new CommandError(await withPods(client, item, object, sentence));
      if (isNews && (state === "done" || !area.isLive)) area.print(`${nameOf(item)}: ${sentence}`);
    }
    left = looks.filter(({ state }) => state !== "done").map(({ item }) => item);
    area.show(left.map((item) => `${nameOf(item)}: ${told.get(item)}`));
    return left.length === 0;
  };
  const timeoutMs = deadlineMs - performance.now();
  const isDone = await untilTrue(look, { timeoutMs, intervalMs: LOOK_INTERVAL_MS }).finally(() =>
    area.clear(),
  );
  const [first] = left;
  if (isDone || !first) return;
  const { sentence, object } = await lookAt(client, first, options);
  const others = left.length > 1 ? ` (and ${left.length - 1} others)` : "";
  throw new CommandError(
    `timed out waiting for ${nameOf(first)}${others}: ${await withPods(client, first, object, sentence)}`,
  );
}

function nameOf({ kind, name }: Awaited): string {
  return resourceName(kind, name);
}

async function lookAt(
  client: Client,
  { kind, name, namespace }: Awaited,
  { progressOf }: Pick<WaitOptions, "progressOf">,
): Promise<Progress & { readonly object?: KubeObject }> {
  const object = await client.get(kind, name, namespace).catch(undefinedWhenNotFound);
  if (!object) return { state: "waiting", sentence: "it is not there yet" };
  return { ...progressOf({ ...object, kind: kind.kind }), object };
}

interface Selecting extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector };
}

/** The sentence with what the first pod that is not ready says of itself. */
async function withPods(
  client: Client,
  { namespace }: Awaited,
  object: KubeObject | undefined,
  sentence: string,
): Promise<string> {
  const selector = (object as Selecting | undefined)?.spec?.selector;
  if (!selector || namespace === undefined) return sentence;
  const labelSelector = formatSelector(selectorFromLabelSelector(selector));
  const { items } = await client.list(podKind, { namespace, labelSelector });
  const stories = items
    .toSorted((a, b) =>
      (a.metadata.creationTimestamp ?? "" < (b.metadata.creationTimestamp ?? "")) ? 1 : -1,
    )
    .map((pod) => whyPod({ pod, events: [] }))
    .filter(([first = ""]) => !/is ready|being deleted|has completed/.test(first));
  const [first = "", second = ""] = stories[0] ?? [];
  return [sentence, first, second.trim()].filter(Boolean).join(": ");
}
