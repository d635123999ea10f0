import { hostCheck } from "#cli/doctor/define-check";
import { formatBytes } from "#cli/format";

/** The agent evicts pods below 10 %; the store cannot write when nothing is left. */
const LOW_SHARE = 0.1;
const EMPTY_SHARE = 0.03;

export const disksHaveRoom = hostCheck("the disks have room", function* ({ host }) {
  for (const { path, freeBytes, totalBytes, freeInodes, totalInodes } of host.disks) {
    const share = totalBytes > 0 ? freeBytes / totalBytes : 1;
    if (share < LOW_SHARE) {
      yield {
        severity: share < EMPTY_SHARE ? "broken" : "warning",
        subject: path,
        problem: `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free: pods are evicted below ${LOW_SHARE * 100} %`,
        remedy: "remove images that no container uses, or give it a larger disk",
        command: "kaji prune",
      };
    }
    if (totalInodes > 0 && freeInodes / totalInodes < EMPTY_SHARE) {
      yield {
        severity: "warning",
        subject: path,
        problem: `${freeInodes} of ${totalInodes} inodes are free: no more files can be made soon`,
        remedy: "remove images that no container uses: they are many small files",
        command: "kaji prune",
      };
    }
  }
});
