import { expect, test } from "vitest";
import { renderMetrics } from "#ingress/metrics/exposition";

const line = (amount: number, ...parts: string[]): string => `${parts.join("\u0001")} ${amount}`;
const place = ["shop.example", '/a"b\\(/|$)', "default/web:80", "default/shop"];
const labels =
  'host="shop.example",path="/a\\"b\\\\(/|$)",namespace="default",service="web",ingress="shop"';

test("requests are counted by host, path, service, pod and status", () => {
  const text = renderMetrics(line(7, "requests", ...place, "default/web-1", "200"));
  expect(text).toContain(
    `nginx_ingress_controller_requests{${labels},pod="default/web-1",status="200"} 7`,
  );
});

test("a histogram's buckets are cumulative, and its count is that of all", () => {
  const text = renderMetrics(
    [
      line(2, "bucket", ...place, "0.005"),
      line(3, "bucket", ...place, "0.1"),
      line(1, "bucket", ...place, "+Inf"),
      line(12.5, "seconds", ...place),
    ].join("\n"),
  );
  const duration = "nginx_ingress_controller_request_duration_seconds";
  for (const [le, sum] of [
    ["0.005", 2],
    ["0.05", 2],
    ["0.1", 5],
    ["10", 5],
    ["+Inf", 6],
  ] as const)
    expect(text).toContain(`${duration}_bucket{${labels},le="${le}"} ${sum}\n`);
  expect(text).toContain(`${duration}_sum{${labels}} 12.5\n`);
  expect(text).toContain(`${duration}_count{${labels}} 6\n`);
});

test("every line is a comment or a sample, and each metric has its type", () => {
  const text = renderMetrics(
    [
      line(7, "requests", ...place, "", "404"),
      line(5, "bytes", ...place),
      line(1, "connections", "active"),
    ].join("\n"),
  );
  const sample = /^[a-z_]+(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? [0-9.e+-]+$/;
  for (const one of text.trimEnd().split("\n"))
    expect(one).toMatch(one.startsWith("#") ? /^# (HELP|TYPE) / : sample);
  expect(text).toContain('nginx_process_connections{state="active"} 1\n');
});
