import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { missingUserNamespaces } from "#runtime/embedded/user-namespaces";

const directory = mkdtempSync("/tmp/kaji-userns-limit-");
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const limit = (text: string): string => {
  const path = join(directory, "max_user_namespaces");
  writeFileSync(path, `${text}\n`);
  return path;
};

describe("what a host lacks for users of a sandbox's own", () => {
  test("is nothing when the trial succeeded and namespaces are allowed", () => {
    expect(missingUserNamespaces(undefined, limit("96365"))).toBeUndefined();
  });

  test("is the administrator's permission when their number is limited to 0, now or later", () => {
    const why = "user.max_user_namespaces is 0 on this host: set it higher";
    expect(missingUserNamespaces(undefined, limit("0"))).toBe(why);
    expect(missingUserNamespaces(undefined, join(directory, "not", "there"))).toBe(why);
  });

  test("is what the trial said when the kernel cannot do it", () => {
    const why = "this kernel cannot do it: tree_idmap /layers: invalid argument";
    expect(missingUserNamespaces(why, limit("96365"))).toBe(why);
  });
});
