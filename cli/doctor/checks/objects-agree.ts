import { audits } from "#api/audit/index";
import { hostsHaveOneTenant } from "#api/audit/hosts-have-one-tenant";
import { clusterCheck } from "#cli/doctor/define-check";

/**
 * Controllers may be at work: what holds only at rest is not asked for. Two people can ask for one host, which is no
 * fault of Kaji: that is a check of its own.
 */
const asked = audits.filter((audit) => !audit.isEventual && audit !== hostsHaveOneTenant);

/** No audit that is asked looks at these. */
const ASKS_NOTHING: ReadonlySet<string> = new Set(["tenants", "events"]);

export const objectsAgree = clusterCheck(
  "the objects agree with each other",
  function* ({ objects }) {
    for (const { object, message, audit } of asked.flatMap((one) => one.check(objects))) {
      yield {
        severity: "broken",
        subject: object,
        problem: `${message} (${audit})`,
        remedy: "this is a fault of Kaji: report it with the logs of the server",
      };
    }
  },
  // What one object says of another cannot be held against it where the other was not read.
  (plural) => !ASKS_NOTHING.has(plural),
);
