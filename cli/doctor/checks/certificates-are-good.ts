import { DAY_MS, hostCheck } from "#cli/doctor/define-check";

/** Servers and agents renew theirs when a third of the time is left: what is nearer was not renewed. */
const SOON_MS = 14 * DAY_MS;

export const certificatesAreGood = hostCheck(
  "the cluster's certificates on this host are good",
  function* ({ host, nowMs }) {
    for (const { file, notAfterMs } of host.certificates) {
      const leftMs = notAfterMs - nowMs;
      if (leftMs > SOON_MS) continue;
      const when = new Date(notAfterMs).toISOString().slice(0, 10);
      yield {
        severity: leftMs <= 0 ? "broken" : "warning",
        subject: file,
        problem: leftMs <= 0 ? `has expired on ${when}` : `expires on ${when}`,
        remedy:
          "the component that owns it renews it while it runs: start it, and look at its log if it does run",
        command: "kaji up",
      };
    }
  },
);
