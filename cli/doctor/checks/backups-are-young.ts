import type { ConfigMap, Namespace } from "#api/schema/types";
import { BACKUP_NAMESPACE, BACKUP_RECORD } from "#cli/backup-record";
import { clusterCheck, DAY_MS } from "#cli/doctor/define-check";

const MAX_AGE_MS = 7 * DAY_MS;

export const backupsAreYoung = clusterCheck(
  "there is a backup of the last week",
  function* ({ objects, unread }, nowMs) {
    if (unread.includes("configmaps")) return;
    const record = objects
      .of<ConfigMap>("ConfigMap")
      .find(
        ({ metadata: { name, namespace } }) =>
          name === BACKUP_RECORD && namespace === BACKUP_NAMESPACE,
      );
    const advice = {
      severity: "warning",
      subject: "the cluster",
      remedy: "make one, and keep it on another machine",
      command: "kaji backup cluster.backup",
    } as const;
    const madeMs = Date.parse(record?.data?.["time"] ?? "");
    if (!Number.isNaN(madeMs)) {
      const days = Math.floor((nowMs - madeMs) / DAY_MS);
      if (nowMs - madeMs > MAX_AGE_MS) {
        yield { ...advice, problem: `the newest backup is ${days} days old` };
      }
      return;
    }
    const system = objects.of<Namespace>("Namespace").find(isSystem);
    const bornMs = Date.parse(system?.metadata.creationTimestamp ?? "");
    if (nowMs - bornMs > DAY_MS) yield { ...advice, problem: "no backup has been made of it" };
  },
);

function isSystem({ metadata }: Namespace): boolean {
  return metadata.name === BACKUP_NAMESPACE;
}
