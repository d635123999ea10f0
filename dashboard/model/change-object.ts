import { apiFetch } from "#dashboard/model/api-request";
import { pathOf, type Resource } from "#dashboard/model/resources";

/** An object's address. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

const MANAGER = "fieldManager=kaji-dashboard";
/** As `kubectl rollout restart` marks it. */
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

export async function deleteObject({ resource, namespace, name }: Target): Promise<void> {
  await apiFetch(pathOf(resource, namespace, name), { method: "DELETE" });
}

export async function scaleObject(target: Target, replicas: number): Promise<void> {
  await mergePatch(target, { spec: { replicas } }, "/scale");
}

/** New pods by the strategy of the workload, as for a new version. */
export async function restartObject(target: Target, nowMs: number): Promise<void> {
  const annotations = { [RESTARTED_AT]: new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z") };
  await mergePatch(target, { spec: { template: { metadata: { annotations } } } });
}

export async function mergePatch(
  { resource, namespace, name }: Target,
  body: unknown,
  subresource = "",
): Promise<void> {
  await apiFetch(`${pathOf(resource, namespace, name)}${subresource}?${MANAGER}`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: JSON.stringify(body),
  });
}
