import { runPages } from "#test/support/docs-page";

runPages({ "docs/troubleshooting.md": {} });
