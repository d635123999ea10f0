import { runPages } from "#test/support/docs-page";

/** README's quick start: `npm start` builds, and swaps the demo's version under load. */
runPages({ "README.md": { cluster: "none" } });
