import type { Lease, Pod } from "#api/schema/types";
import { clusterCheck } from "#cli/doctor/define-check";

/** Below this, messages need time to travel and seconds are rounded. */
const MAX_SKEW_MS = 5_000;

/**
 * Agents date what containers do by their own clock, the server dates leases and objects by its own: a time that lies
 * in the future, or before the object that it is about, was given by a clock that goes wrong.
 */
export const clocksAgree = clusterCheck("the clocks agree", function* ({ objects }, nowMs) {
  const renewals = objects.of<Lease>("Lease").map(({ spec }) => Date.parse(spec?.renewTime ?? ""));
  const ahead = Math.max(0, ...renewals.filter((time) => !Number.isNaN(time))) - nowMs;
  if (ahead > MAX_SKEW_MS) {
    yield {
      ...{ severity: "warning", subject: "this host" },
      problem: `its clock is ${seconds(ahead)} behind the server's`,
      remedy: "keep its time by NTP: certificates and tokens go by the clock",
      command: "timedatectl",
    };
  }
  for (const [node, skewMs] of skewsOf(objects.of<Pod>("Pod"), nowMs + Math.max(0, ahead))) {
    yield {
      severity: "warning",
      subject: `node/${node}`,
      problem: `its clock is ${seconds(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} the server's`,
      remedy: "keep its time by NTP: what its containers did is dated wrongly",
      command: `kaji get node ${node} -o wide`,
    };
  }
});

/** Of each node whose clock is seen to be wrong, the largest difference: above 0 it is ahead. */
function skewsOf(pods: readonly Pod[], nowMs: number): ReadonlyMap<string, number> {
  const skews = new Map<string, number>();
  for (const { spec, metadata, status } of pods) {
    const createdMs = Date.parse(metadata.creationTimestamp ?? "");
    for (const { state, lastState } of status?.containerStatuses ?? []) {
      const started = state?.running?.startedAt ?? lastState?.terminated?.startedAt;
      const startedMs = Date.parse(started ?? "");
      if (!spec.nodeName || Number.isNaN(startedMs)) continue;
      const skew = startedMs > nowMs ? startedMs - nowMs : Math.min(0, startedMs - createdMs);
      if (Math.abs(skew) <= MAX_SKEW_MS) continue;
      const known = skews.get(spec.nodeName) ?? 0;
      if (Math.abs(skew) > Math.abs(known)) skews.set(spec.nodeName, skew);
    }
  }
  return skews;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
