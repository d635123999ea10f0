import { trackManagedFields } from "#api/machinery/managed-fields";
import type { KubeObject } from "#api/machinery/meta";
import { toTime } from "#kit/clock";

/** One write by one manager, other than server-side apply, which tracks its own fields. */
export interface TrackedWrite {
  readonly previous: KubeObject | undefined;
  readonly next: KubeObject;
  readonly manager: string;
  readonly nowMs: number;
  readonly subresource: string | undefined;
}

/** Writes down in metadata.managedFields who owns what. What the client sent there does not count. */
export function trackFields({ previous, next, manager, nowMs, subresource }: TrackedWrite): void {
  const time = toTime(nowMs);
  const entries = trackManagedFields(previous, next, manager, "Update", time, subresource ?? "");
  if (entries.length > 0) next.metadata.managedFields = entries;
  else delete next.metadata.managedFields;
}
