import { REVISION } from "#api/kinds/deployment-revision";
import { controllerRevisionKind } from "#api/kinds/controller-revision";
import { replicaSetKind } from "#api/kinds/replica-set";
import type { Kind } from "#api/machinery/define-kind";
import { type KubeObject, isControlledBy } from "#api/machinery/meta";
import type {
  ControllerRevision,
  DaemonSet,
  Deployment,
  PodTemplateSpec,
  ReplicaSet,
  StatefulSet,
} from "#api/schema/types";
import type { Connection } from "#cli/admin-client";
import { type Argument, type CommandContext, CommandError } from "#cli/define-command";
import { resourceName } from "#cli/kind-names";
import { namespaceOf, type ObjectTarget, targetsOf } from "#cli/objects";

/** The workloads that have roll-outs, and how commands name them. */
export type Workload = Deployment | StatefulSet | DaemonSet;

export const workloadArguments: readonly Argument[] = [
  {
    name: "kind",
    description: "deployment, statefulset or daemonset, or KIND/NAME",
    isRequired: true,
    completes: "workloads",
  },
  { name: "name", description: "the workload", isRequired: false, completes: "objects" },
];

export interface Found {
  readonly target: ObjectTarget & { readonly namespace: string };
  readonly object: Workload;
  /** "deployment.apps/web" */
  readonly name: string;
}

const KINDS = ["Deployment", "StatefulSet", "DaemonSet"];

export async function findWorkload(
  context: CommandContext,
  connection: Connection,
): Promise<Found> {
  const { kinds } = await import("#api/kinds/index");
  const namespace = namespaceOf(context, connection);
  const [target, another] = targetsOf(kinds, context.args, namespace);
  if (!target || another) {
    throw new CommandError("name one workload, as KIND NAME or KIND/NAME: deployment/web");
  }
  const { kind, name } = target;
  if (!KINDS.includes(kind.kind)) {
    throw new CommandError(
      `${kind.plural} have no roll-outs: name a deployment, a statefulset or a daemonset`,
    );
  }
  const object = await connection.client.get(kind, name, namespace);
  const typed = { ...object, kind: kind.kind } as Workload;
  return { target: { kind, name, namespace }, object: typed, name: resourceName(kind, name) };
}

/** Throws in kubectl's words where the workload is no Deployment: the others cannot `what` ("pausing"). */
export function asDeployment({ object, target }: Found, what: string): Deployment {
  if (object.kind === "Deployment") return object as Deployment;
  throw new CommandError(`${qualifiedName(target)} ${what} is not supported`);
}

/** `deployments.apps "web"` */
export function qualifiedName({ kind, name }: ObjectTarget): string {
  return `${kind.plural}${kind.group ? `.${kind.group}` : ""} "${name}"`;
}

/** One state that the workload has had, which `undo` can bring back. */
export interface RolloutRevision {
  readonly number: number;
  readonly changeCause: string;
  readonly template: PodTemplateSpec | undefined;
  /** A strategic patch that brings it back. */
  readonly patch: object;
}

/** Oldest first. */
export async function revisionsOf(
  { client }: Connection,
  found: Found,
): Promise<RolloutRevision[]> {
  const { object, target } = found;
  const owned = async <T extends KubeObject>(kind: Kind<T>): Promise<T[]> => {
    const { items } = await client.list(kind, { namespace: target.namespace });
    return items.filter((one) => isControlledBy(one, object));
  };
  const revisions =
    object.kind === "Deployment"
      ? (await owned(replicaSetKind)).map(ofReplicaSet)
      : (await owned(controllerRevisionKind)).map(ofControllerRevision);
  return revisions.sort((a, b) => a.number - b.number);
}

const CHANGE_CAUSE = "kubernetes.io/change-cause";

function ofReplicaSet({ metadata, spec }: ReplicaSet): RolloutRevision {
  const { annotations = {} } = metadata;
  const template = structuredClone(spec.template) as PodTemplateSpec;
  delete template.metadata?.labels?.["pod-template-hash"];
  return {
    number: Number(annotations[REVISION] ?? 0),
    changeCause: annotations[CHANGE_CAUSE] ?? "<none>",
    template,
    // Everything of the present template that this one lacks goes with it.
    patch: { spec: { template: { ...template, $patch: "replace" } } },
  };
}

function ofControllerRevision({ metadata, revision, data }: ControllerRevision): RolloutRevision {
  const patch = (data ?? {}) as { spec?: { template?: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } =
    patch.spec?.template ?? ({} as PodTemplateSpec & { $patch?: string });
  const changeCause = metadata.annotations?.[CHANGE_CAUSE] ?? "<none>";
  return { number: revision, changeCause, template: patch.spec?.template && template, patch };
}
