import { renameSync, writeFileSync } from "node:fs";
import { startPrometheus } from "#test/support/prometheus";

/** A Prometheus in a process of its own, for a machine of a lab. Its only argument: the file that its URL is written to. */
const [, , file = ""] = process.argv;
const prometheus = await startPrometheus();
const pod = { namespace: "default", pod: "web-1" };
await prometheus.set([
  { labels: { __name__: "http_requests_total", ...pod }, value: 1_000, perSecond: 12 },
  { labels: { __name__: "queue_length", queue: "mails" }, value: 7 },
]);
writeFileSync(`${file}.new`, prometheus.url);
renameSync(`${file}.new`, file);
