import { runPages } from "#test/support/docs-page";

/** shopify.test.ts tells the story of two hundred thousand tenants with as many as there is time for. */
runPages({
  "docs/tenants.md": {},
  "docs/shopify.md": { words: { "1 200000": "1 1000" } },
});
