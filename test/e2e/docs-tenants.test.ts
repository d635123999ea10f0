import { runPages } from "#test/support/docs-page";

/** Tenants and releases. shopify.test.ts tells the story of two hundred thousand with as many as there is time for. */
runPages({
  "docs/tenants.md": {},
  "docs/shopify.md": { words: { "1 200000": "1 1000" } },
  "docs/releases.md": { hasDemo: true, words: { "--for 1m": "--for 15s" } },
});
