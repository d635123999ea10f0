import { hostCheck } from "#cli/doctor/define-check";

export const hostHasWhatKajiNeeds = hostCheck(
  "this host has what Kaji needs",
  function* ({ host: { lack, hasCluster } }) {
    if (lack === undefined) return;
    const [problem = lack, remedy = ""] = lack.split(/: (?=[^:]*$)/);
    // Where the cluster is elsewhere, nothing has to run here.
    const severity = hasCluster ? "broken" : "advice";
    yield { severity, subject: "this host", problem, remedy: remedy || "see docs/nodes.md" };
  },
);
