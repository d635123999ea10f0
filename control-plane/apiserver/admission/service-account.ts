import { errors } from "#api/machinery/status-error";
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";
import { resourceOf } from "#control-plane/apiserver/storage/keys";
import { type Rng, randomSuffix } from "#kit/rng";

const SERVICE_ACCOUNTS = { group: "", plural: "serviceaccounts" };
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const TOKEN_SECONDS = 3607;

/** Every pod runs as a service account and gets its token, unless it or the account declines. */
export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "", "pods")) return;
    const { spec, metadata } = object as Pod;
    if (!spec || metadata.annotations?.["kubernetes.io/config.mirror"]) return;
    const name = spec.serviceAccountName || spec.serviceAccount || "default";
    spec.serviceAccountName = name;
    spec.serviceAccount = name;
    const namespace = metadata.namespace ?? "";
    const account = cluster.get(SERVICE_ACCOUNTS, namespace, name) as ServiceAccount | undefined;
    if (!account) {
      throw errors.forbidden(
        resourceOf(kind),
        metadata.name,
        `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
      );
    }
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = structuredClone(account.imagePullSecrets);
    }
    const wantsToken =
      spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (wantsToken) mountToken(spec, cluster.rng);
  },
};

function mountToken(spec: PodSpec, rng: Rng): void {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])].filter(
    (container) => !hasMount(container),
  );
  if (containers.length === 0) return;
  const name = `kube-api-access-${randomSuffix(rng)}`;
  spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
  for (const container of containers) {
    const mount = { name, readOnly: true, mountPath: MOUNT_PATH };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
}

function hasMount(container: Container): boolean {
  return container.volumeMounts?.some((mount) => mount.mountPath === MOUNT_PATH) ?? false;
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [
              {
                path: "namespace",
                fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
              },
            ],
          },
        },
      ],
    },
  };
}
