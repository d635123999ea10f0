import { expect, test } from "vitest";
import type { Informers } from "#client/shared-informers";
import { passwordSecrets } from "#ingress/password-secrets";

/** Nothing is ever listed: only which Secrets are watched counts. */
function watching(): { informers: Informers; watched: string[] } {
  const watched: string[] = [];
  const silent = {
    onChange: () => undefined,
    synced: new Promise<void>(() => undefined),
    get: () => undefined,
  };
  const follow = (_: unknown, selection: { namespace?: string; fieldSelector?: string } = {}) => {
    watched.push(`${selection.namespace} ${selection.fieldSelector}`);
    return silent;
  };
  return { informers: { for: follow } as unknown as Informers, watched };
}

test("a namespace that names one Secret after the other takes no watch from another", () => {
  const { informers, watched } = watching();
  const secretOf = passwordSecrets(informers, () => undefined);
  const names = Array.from({ length: 300 }, (_, i) => `eager/users-${i}`);
  const answers = names.map((name) => secretOf(name));
  expect(answers.filter((answer) => answer === "loading")).toHaveLength(100);
  expect(answers.at(-1)).toBe("too many");
  expect(secretOf("eager/users-0")).toBe("loading");
  expect(secretOf("modest/users")).toBe("loading");
  expect(new Set(watched).size).toBe(101);
});
