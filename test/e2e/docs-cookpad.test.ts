// lane: first (its canaries are watched as long as they say)
import { runPages } from "#test/support/docs-page";

/** A story that takes its time: its canaries are watched for as long as the manifest says. */
runPages({ "docs/cookpad.md": {} });
