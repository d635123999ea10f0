import { isPodTerminal } from "#api/kinds/pod-status";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { ContainerStatus, LabelSelector, Pod } from "#api/schema/types";
import type { Connection } from "#cli/admin-client";
import { type CommandContext, CommandError } from "#cli/define-command";
import { namespaceOf, targetsOf } from "#cli/objects";
import type { Selection } from "#client/reflector";

/** Whose logs are meant. */
export interface LogTarget {
  readonly selection: Selection;
  /** Of one pod by its name. */
  readonly pod?: string;
  /** True: they come to an end by themselves, as a Job's do. */
  readonly ends: boolean;
  /** "deployment/web", for messages. */
  readonly name: string;
}

/** How a target is called that is no workload: "pods", "pods with app=web". */
export const ALL_PODS = "pods";

export async function logTargetOf(
  context: CommandContext,
  connection: Connection,
): Promise<LogTarget> {
  const namespace = namespaceOf(context, connection);
  const place = context.isSet("all-namespaces") ? {} : { namespace };
  const labelSelector = context.flag("selector");
  const [text] = context.args;
  if (text !== undefined && labelSelector !== undefined) {
    throw new CommandError("a name and --selector: give one of the two");
  }
  if (labelSelector !== undefined) {
    const selection = { ...place, labelSelector };
    return { selection, ends: false, name: `${ALL_PODS} with ${labelSelector}` };
  }
  if (text === undefined) {
    if (context.isSet("all")) return { selection: place, ends: false, name: ALL_PODS };
    throw new CommandError(
      "whose logs? Name a pod or a workload (deployment/web), labels with -l, or say --all for the whole namespace",
    );
  }
  if (context.isSet("all-namespaces")) {
    throw new CommandError("a name and --all-namespaces: say which namespace with -n");
  }
  const { kinds } = await import("#api/kinds/index");
  const [target] = targetsOf(kinds, text.includes("/") ? [text] : ["pod", text], namespace);
  if (!target) throw new CommandError(`"${text}" names nothing that has logs`);
  const { kind, name } = target;
  if (kind.kind === "Pod") {
    const selection = { namespace, fieldSelector: `metadata.name=${name}` };
    return { selection, pod: name, ends: true, name: `pod/${name}` };
  }
  const selector = selectorOf(kind, await connection.client.get(kind, name, namespace));
  const selection = { namespace, labelSelector: selector };
  return { selection, ends: kind.kind === "Job", name: `${kind.singular}/${name}` };
}

interface Selecting extends KubeObject {
  readonly spec?: { readonly selector?: LabelSelector | Readonly<Record<string, string>> };
}

function selectorOf(kind: Kind, object: KubeObject): string {
  const selector = (object as Selecting).spec?.selector;
  if (!selector || Object.keys(selector).length === 0) {
    throw new CommandError(
      `${kind.plural} have no logs: name a pod, a workload such as deployment/web, or a service`,
    );
  }
  const isPlain = kind.kind === "Service" || kind.kind === "ReplicationController";
  const full = isPlain ? { matchLabels: selector as Readonly<Record<string, string>> } : selector;
  return formatSelector(selectorFromLabelSelector(full as LabelSelector));
}

/** What is said where there is nothing to print. */
export function nothingOf({ name, selection: { namespace } }: LogTarget, pods: number): string {
  const place = namespace === undefined ? "" : ` in ${namespace} namespace`;
  const them = name.startsWith(ALL_PODS) ? name : `pods of ${name}`;
  if (pods === 0) return `No ${them} found${place}.`;
  return `None of the ${pods} ${them} has a log yet: \`kaji why\` says what they wait for`;
}

/** One container's log. */
export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly podUid: string;
  readonly container: string;
  /** Which start of it: another one after a restart. */
  readonly run: string;
}

const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

export interface Wanted {
  /** The one of this name. */
  readonly container?: string | undefined;
  /** Each pod's containers, all of them; else the default one. */
  readonly all: boolean;
  readonly previous: boolean;
}

/** The containers of a pod that have logs now. Pure. */
export function sourcesOf({ metadata, spec, status = {} }: Pod, wanted: Wanted): LogSource[] {
  const {
    initContainerStatuses = [],
    containerStatuses = [],
    ephemeralContainerStatuses = [],
  } = status;
  const chosen = wanted.container ?? metadata.annotations?.[DEFAULT_CONTAINER];
  const byDefault = chosen ?? spec.containers[0]?.name;
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses]
    .filter(({ name }) => (wanted.all && wanted.container === undefined) || name === byDefault)
    .filter((one) => (wanted.previous ? one.lastState?.terminated : hasStarted(one)))
    .map(({ name, restartCount, containerID }) => ({
      namespace: metadata.namespace ?? "default",
      pod: metadata.name,
      podUid: metadata.uid ?? metadata.name,
      container: name,
      run: containerID ?? String(restartCount),
    }));
}

function hasStarted({ state }: ContainerStatus): boolean {
  return state?.running !== undefined || state?.terminated !== undefined;
}

/** True: this start of the container is still at work, and its log goes on. */
export function isRunning(pod: Pod | undefined, { container, run }: LogSource): boolean {
  if (!pod || isPodTerminal(pod)) return false;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const status = [...initContainerStatuses, ...containerStatuses].find(
    ({ name }) => name === container,
  );
  return (
    status?.state?.running !== undefined &&
    (status.containerID ?? String(status.restartCount)) === run
  );
}
