/** Of the leases by which scheduler and controllers are elected. */
export interface ElectionTimes {
  readonly leaseDurationMs: number;
  /** A leader that cannot renew for so long stops. */
  readonly renewDeadlineMs: number;
  /** Candidates look after one to 2.2 of it. */
  readonly retryPeriodMs: number;
}

/** With them a killed leader is replaced within 12.3 s: its lease, and one look of a candidate before that. */
const MAX_LEASE_MS = 10_000;
/** A leader of etcd that dies costs a gap of 3 to 4 s: with less, every such death would be the leaders' too. */
const MIN_LEASE_MS = 4_000;
/** What a new leader needs until it judges. */
const TAKE_OVER_MS = 1_000;
const RENEW_SHARE = 0.7;
const RETRY_SHARE = 0.1;

/**
 * Who wants lost nodes given up early wants the same of a leader that is lost with its host: its lease ends a little
 * before the node's grace. In whole seconds, as a Lease says it. That two leaders never act at a time does not rest on
 * these times, but on the fence.
 */
export function electionTimes(nodeMonitorGraceMs: number): ElectionTimes {
  const wantedMs = Math.floor((nodeMonitorGraceMs - TAKE_OVER_MS) / 1000) * 1000;
  const leaseDurationMs = Math.min(MAX_LEASE_MS, Math.max(MIN_LEASE_MS, wantedMs));
  return {
    leaseDurationMs,
    renewDeadlineMs: leaseDurationMs * RENEW_SHARE,
    retryPeriodMs: leaseDurationMs * RETRY_SHARE,
  };
}
