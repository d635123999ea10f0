import { podKind } from "#api/kinds/pod";
import type { Pod, PodTemplateSpec, StatefulSet } from "#api/schema/types";
import { type Action, targetOf } from "#control-plane/controllers/controller";
import { controllerReference } from "#control-plane/controllers/ownership";
import { withClaims } from "#control-plane/controllers/stateful-set/claims";

/**
 * What makes a pod one of a StatefulSet: its name, which is the set's and an ordinal, and the labels that
 * repeat it. Invariant: one name is one ordinal ("web-01" is nobody's), so the API's rule that names are unique
 * is what keeps a set from ever having two pods of one ordinal.
 */
export const REVISION_LABEL = "controller-revision-hash";
const NAME_LABEL = "statefulset.kubernetes.io/pod-name";
const INDEX_LABEL = "apps.kubernetes.io/pod-index";

/** undefined: not named as a pod of this set. */
export function ordinalOf(pod: Pod, { metadata }: StatefulSet): number | undefined {
  const prefix = `${metadata.name}-`;
  if (!pod.metadata.name.startsWith(prefix)) return undefined;
  const text = pod.metadata.name.slice(prefix.length);
  return /^(?:0|[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

/** The name of the ControllerRevision that a pod was made from. */
export function revisionNameOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.[REVISION_LABEL];
}

export function createPod(
  statefulSet: StatefulSet,
  ordinal: number,
  revision: { readonly name: string; readonly template: PodTemplateSpec },
): Action {
  const { namespace } = statefulSet.metadata;
  const name = `${statefulSet.metadata.name}-${ordinal}`;
  const { metadata, spec } = revision.template;
  const { serviceName } = statefulSet.spec;
  const object: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      generateName: `${statefulSet.metadata.name}-`,
      namespace,
      labels: {
        ...metadata?.labels,
        ...identityLabels(name, ordinal),
        [REVISION_LABEL]: revision.name,
      },
      annotations: metadata?.annotations,
      finalizers: metadata?.finalizers,
      ownerReferences: [controllerReference(statefulSet)],
    },
    spec: {
      ...structuredClone(spec),
      ...(statefulSet.spec.volumeClaimTemplates
        ? { volumes: withClaims(spec?.volumes, statefulSet, ordinal) }
        : {}),
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
    },
  };
  return {
    type: "create",
    kind: podKind,
    object,
    event: {
      ...successOf(statefulSet, "create", "SuccessfulCreate"),
      failure: { reason: "FailedCreate", message: failureOf(statefulSet, "create", name) },
    },
  };
}

function identityLabels(name: string, ordinal: number): Record<string, string> {
  return { [NAME_LABEL]: name, [INDEX_LABEL]: String(ordinal) };
}

export function deletePod(statefulSet: StatefulSet, pod: Pod): Action {
  return {
    type: "delete",
    kind: podKind,
    target: targetOf(pod),
    event: {
      ...successOf(statefulSet, "delete", "SuccessfulDelete"),
      failure: {
        reason: "FailedDelete",
        message: failureOf(statefulSet, "delete", pod.metadata.name),
      },
    },
  };
}

function successOf(about: StatefulSet, verb: string, reason: string) {
  const message = `${verb} Pod %NAME% in StatefulSet ${about.metadata.name} successful`;
  return { about, type: "Normal", reason, message } as const;
}

function failureOf({ metadata }: StatefulSet, verb: string, podName: string): string {
  return `${verb} Pod ${podName} in StatefulSet ${metadata.name} failed error: %ERROR%`;
}

/** Gives an adopted pod the labels by which Services find a single pod. */
export function repairLabels(pod: Pod, ordinal: number): Action[] {
  const wanted = identityLabels(pod.metadata.name, ordinal);
  const has = pod.metadata.labels ?? {};
  if (Object.entries(wanted).every(([key, value]) => has[key] === value)) return [];
  const body = { metadata: { labels: wanted } };
  return [{ type: "patch", kind: podKind, target: targetOf(pod), body }];
}
