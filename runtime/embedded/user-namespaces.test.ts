import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type UserNamespaceTrial, UserNamespaces } from "#runtime/embedded/user-namespaces";

const directory = mkdtempSync("/tmp/kaji-userns-limit-");
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const limit = (text: string): string => {
  const path = join(directory, "max_user_namespaces");
  writeFileSync(path, `${text}\n`);
  return path;
};

const possible: UserNamespaceTrial = { problem: undefined, isFinal: true };

async function lookedAt(limitFile: string, ...trials: readonly UserNamespaceTrial[]) {
  const left = [...trials];
  const users = new UserNamespaces(async () => left.shift() ?? possible, limitFile);
  await users.look();
  return { users, left };
}

describe("what a host lacks for users of a sandbox's own", () => {
  test("is nothing when the trial succeeded and namespaces are allowed", async () => {
    const { users } = await lookedAt(limit("96365"), possible);
    expect(users.missing()).toBeUndefined();
  });

  test("is the administrator's permission when their number is limited to 0, now or later", async () => {
    const why = "user.max_user_namespaces is 0 on this host: set it higher";
    const { users } = await lookedAt(limit("96365"), possible);
    limit("0");
    expect(users.missing()).toBe(why);
    const nowhere = await lookedAt(join(directory, "not", "there"), possible);
    expect(nowhere.users.missing()).toBe(why);
  });

  test("is for good what the trial said when the kernel cannot do it", async () => {
    const why = "this kernel cannot do it: tree_idmap /layers: invalid argument";
    const { users, left } = await lookedAt(
      limit("96365"),
      { problem: why, isFinal: true },
      possible,
    );
    expect(users.missing()).toBe(why);
    await Promise.resolve();
    expect(users.missing()).toBe(why);
    expect(left).toHaveLength(1);
  });

  test("is looked at again by who asks, when a limit or a kill kept the first trial from its end", async () => {
    const file = limit("0");
    const why = "it could not be tried: user_namespace: no space left on device";
    const { users, left } = await lookedAt(file, { problem: why, isFinal: false }, possible);
    expect(users.missing()).toBe("user.max_user_namespaces is 0 on this host: set it higher");
    expect(left).toHaveLength(1);
    limit("96365");
    expect(users.missing()).toBe(why);
    await users.look();
    expect(users.missing()).toBeUndefined();
  });
});
