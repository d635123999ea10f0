import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { controllerOf } from "#api/machinery/meta";
import { BOUNDS_NAME, RENDERED_ANNOTATION, RENDERED_ELSEWHERE } from "#api/tenants/names";

/** What of a tenant's objects is worth keeping, in the form in which `kubectl apply` makes it again. */

/** Made by controllers from what is exported, or of the moment. */
const derived = [
  ...["events", "endpointslices", "leases", "controllerrevisions", "trafficreports"],
];
/** Every namespace has these from its first moment. */
const given = ["ServiceAccount/default", "ConfigMap/kube-root-ca.crt"];

export function isExported(kind: Kind, object: KubeObject, isWithSecrets: boolean): boolean {
  const { name, deletionTimestamp } = object.metadata;
  if (deletionTimestamp || derived.includes(kind.plural) || controllerOf(object)) return false;
  if (given.includes(`${kind.kind}/${name}`) || name === BOUNDS_NAME) return false;
  return kind.kind !== "Secret" || isWithSecrets;
}

/** Without what a server fills in. Pure: the object is not changed. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...rest } = structuredClone(object) as KubeObject & { status?: unknown };
  const { name, namespace, labels, annotations } = rest.metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => !isServerKey(key));
  rest.metadata = {
    name,
    ...(namespace ? { namespace } : {}),
    ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}),
  };
  forKind[object.kind]?.(rest as Draft);
  return rest;
}

function isServerKey(key: string): boolean {
  const keys = [RENDERED_ANNOTATION, "kubectl.kubernetes.io/last-applied-configuration"];
  const prefixes = ["deployment.kubernetes.io/", "pv.kubernetes.io/", "volume.kubernetes.io/"];
  return keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix));
}

type Fields = Record<string, unknown>;
type Draft = KubeObject & { spec?: Fields };

/** Fields of the spec that the server chose. */
const forKind: Readonly<Record<string, (draft: Draft) => void>> = {
  Namespace(draft) {
    delete draft.spec;
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      [RENDERED_ANNOTATION]: RENDERED_ELSEWHERE,
    };
  },
  Pod: ({ spec }) => drop(spec, "nodeName", "serviceAccount"),
  PersistentVolumeClaim: ({ spec }) => drop(spec, "volumeName"),
  Service: ({ spec }) => {
    if (spec?.["clusterIP"] !== "None") drop(spec, "clusterIP", "clusterIPs");
    drop(spec, "ipFamilies", "ipFamilyPolicy");
  },
  Job: ({ spec }) => {
    if (spec?.["manualSelector"] === true) return;
    drop(spec, "selector");
    const template = spec?.["template"] as { metadata?: { labels?: Fields } } | undefined;
    drop(template?.metadata?.labels, ...jobLabels);
  },
};
const jobLabels = [
  ...["controller-uid", "job-name"],
  ...["batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name"],
];

function drop(fields: Fields | undefined, ...names: readonly string[]): void {
  for (const name of names) if (fields) delete fields[name];
}
