import { describe, expect, test } from "vitest";
import { secretKind } from "#api/kinds/secret";
import type { Secret } from "#api/schema/types";
import { targetOf } from "#control-plane/controllers/controller";
import { KEEP_EXPIRED_MS, planTokenCleaning } from "#control-plane/controllers/token-cleaner";

const NOW = Date.parse("2026-01-01T00:00:00Z");

function token(expiration?: string): Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system", uid: "u1" },
    type: "bootstrap.kubernetes.io/token",
    ...(expiration ? { data: { expiration: Buffer.from(expiration).toString("base64") } } : {}),
  };
}

describe("a bootstrap token", () => {
  test("is deleted a day after its time is over, and looked at again until then", () => {
    const over = token("2025-12-30T23:59:59Z");
    expect(planTokenCleaning(over, NOW)).toEqual([
      { type: "delete", kind: secretKind, target: targetOf(over) },
    ]);
    expect(planTokenCleaning(token("2025-12-31T00:00:10Z"), NOW)).toEqual([
      { type: "requeue", afterMs: 10_000 },
    ]);
    expect(planTokenCleaning(token("2027-01-01T00:00:00Z"), NOW)).toEqual([
      { type: "requeue", afterMs: KEEP_EXPIRED_MS },
    ]);
  });

  test("without a time, or with one that nobody understands, is kept", () => {
    expect(planTokenCleaning(token(), NOW)).toEqual([]);
    expect(planTokenCleaning(token("tomorrow"), NOW)).toEqual([]);
  });
});
