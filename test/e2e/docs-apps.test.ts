import { runPages } from "#test/support/docs-page";

/** What who runs an app reads. */
runPages({
  "docs/autoscaling.md": { hasDemo: true },
  "docs/deploys.md": { hasDemo: true },
  "docs/ingress.md": {},
  "docs/network-policy.md": {},
  "docs/storage.md": {},
});
