import type { KubeObject } from "#api/machinery/meta";
import type { Pod, Service } from "#api/schema/types";
import { clusterCheck, inNamespace, subjectOf } from "#cli/doctor/define-check";

/** Annotations that a field has replaced; the API takes them still, and not for ever. */
const annotations: readonly (readonly [kind: string, prefix: string, instead: string])[] = [
  ["Ingress", "kubernetes.io/ingress.class", "spec.ingressClassName"],
  ["PersistentVolumeClaim", "volume.beta.kubernetes.io/storage-class", "spec.storageClassName"],
  ["Pod", "seccomp.security.alpha.kubernetes.io/", "securityContext.seccompProfile"],
  ["Pod", "container.seccomp.security.alpha.kubernetes.io/", "securityContext.seccompProfile"],
  ["Pod", "container.apparmor.security.beta.kubernetes.io/", "securityContext.appArmorProfile"],
  ["Service", "service.alpha.kubernetes.io/tolerate-unready", "spec.publishNotReadyAddresses"],
];

export const nothingOldIsUsed = clusterCheck("nothing deprecated is used", function* ({ objects }) {
  for (const object of objects.all) {
    for (const sentence of [...oldAnnotations(object), ...oldFields(object), ...oldApis(object)]) {
      yield {
        severity: "advice",
        subject: subjectOf(object),
        problem: sentence,
        remedy: "change it where it is made",
        command: `kaji get ${object.kind.toLowerCase()} ${object.metadata.name}${inNamespace(object)} -o yaml`,
      };
    }
  }
});

function oldAnnotations({ kind, metadata }: KubeObject): string[] {
  const names = Object.keys(metadata.annotations ?? {});
  return annotations.flatMap(([of, prefix, instead]) =>
    of === kind && names.some((name) => name.startsWith(prefix))
      ? [`has the annotation ${prefix}, which ${instead} has replaced`]
      : [],
  );
}

function oldFields(object: KubeObject): string[] {
  if (object.kind === "Service" && (object as Service).spec?.loadBalancerIP) {
    return ["sets spec.loadBalancerIP, which is deprecated"];
  }
  if (object.kind !== "Pod") return [];
  const volumes = (object as Pod).spec.volumes ?? [];
  return volumes.some((volume) => volume.gitRepo)
    ? ["has a volume of type gitRepo, which is not served any more: clone in an init container"]
    : [];
}

/** Who wrote it in a version of the API that is gone since. */
function oldApis({ metadata }: KubeObject): string[] {
  const old = (metadata.managedFields ?? []).find(
    ({ apiVersion = "" }) =>
      /^extensions\/|(alpha|beta)\d*$/.test(apiVersion) && !apiVersion.startsWith("kaji.dev/"),
  );
  return old ? [`was written by ${old.manager} in the version ${old.apiVersion}`] : [];
}
