import { expect, test } from "vitest";
import { renderColdStarts } from "#ingress/wake/cold-starts";

test("cold starts are a histogram with buckets that add up", () => {
  const lines = renderColdStarts("50 0\n200 3\n600 1\n+Inf 1\nsum 70500").split("\n");
  expect(lines.slice(2)).toEqual([
    'kaji_ingress_cold_start_seconds_bucket{le="0.05"} 0',
    'kaji_ingress_cold_start_seconds_bucket{le="0.2"} 3',
    'kaji_ingress_cold_start_seconds_bucket{le="0.6"} 4',
    'kaji_ingress_cold_start_seconds_bucket{le="+Inf"} 5',
    "kaji_ingress_cold_start_seconds_sum 70.5",
    "kaji_ingress_cold_start_seconds_count 5",
    "",
  ]);
});
