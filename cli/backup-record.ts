import { configMapKind } from "#api/kinds/config-map";
import type { Client } from "#client/client";

/** Where a cluster says when it was last backed up: `kaji backup` writes it, `kaji doctor` reads it. */
export const BACKUP_NAMESPACE = "kube-system";
export const BACKUP_RECORD = "kaji-last-backup";

export async function recordBackup(
  client: Client,
  made: { readonly time: string; readonly revision: string },
): Promise<void> {
  const target = { name: BACKUP_RECORD, namespace: BACKUP_NAMESPACE };
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: target, data: made };
  const patch = { type: "apply", body, fieldManager: "kaji-backup", force: true } as const;
  await client.patch(configMapKind, target, patch);
}
