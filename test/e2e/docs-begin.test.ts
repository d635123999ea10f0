// lane: first (six clusters, one after the other)
import { runPages } from "#test/support/docs-page";

/** What a new user reads first. */
runPages({
  "docs/first-cluster.md": { cluster: "none" },
  "docs/access.md": {},
  "docs/dashboard.md": {},
  "docs/differences.md": {},
  "docs/security.md": {},
  "docs/upgrade-and-remove.md": {},
});
