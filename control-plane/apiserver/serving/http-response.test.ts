import { expect, test } from "vitest";
import { wholeResponse } from "#control-plane/apiserver/serving/http-response";

const preferences = { accept: undefined, acceptEncoding: undefined, ifNoneMatch: undefined };

test("warnings are cut to what clients take, each and together", async () => {
  const warnings = ["short", ...Array.from({ length: 100 }, () => "w".repeat(5000))];
  const response = { type: "json", status: 200, value: {}, warnings } as const;
  const { headers } = await wholeResponse(response, preferences);
  const sent = headers.warning as string[];
  expect(sent[0]).toBe('299 - "short"');
  expect(sent[1]).toBe(`299 - "${"w".repeat(256)}"`);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.join("").length).toBeLessThanOrEqual(4096);
});
