import { hostCheck } from "#cli/doctor/define-check";
import { formatBytes } from "#cli/format";

/** 200,000 tenants take a quarter of it: what is larger keeps something that it should not. */
const LARGE_BYTES = 4e9;
/** The log is folded into the file as it grows; a long reader, or a full disk, keeps it from that. */
const LARGE_WAL_BYTES = 512e6;

export const storeIsSmall = hostCheck("the store has a healthy size", function* ({ host }) {
  if (!host.store) return;
  const { file, bytes, walBytes } = host.store;
  if (bytes > LARGE_BYTES) {
    yield {
      severity: "warning",
      subject: file,
      problem: `has ${formatBytes(bytes)}: starting and backing up take long`,
      remedy: "see which kind there are many objects of, and delete what nobody needs",
      command: "kubectl get --raw /metrics | grep apiserver_storage_objects",
    };
  }
  if (walBytes > LARGE_WAL_BYTES) {
    yield {
      severity: "warning",
      subject: `${file}-wal`,
      problem: `has ${formatBytes(walBytes)}: it is not folded into the store`,
      remedy: "see that the disk has room, and start the server again",
      command: "kaji up",
    };
  }
});
