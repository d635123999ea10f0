import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeOperations, operationTable, optional } from "#runtime/plan/operations";

const NATIVE = "runtime/native/build/kaji-native";

describe("the operation table", () => {
  test("is the native side's table, in the same order", (context) => {
    if (!existsSync(NATIVE)) {
      try {
        execFileSync("make", ["-s", "-C", "runtime/native"]);
      } catch {
        console.warn("the operation tables are not compared: needs a C compiler and make");
        return context.skip("needs a C compiler and make");
      }
    }
    const printed = execFileSync(NATIVE, ["operations"], { encoding: "utf8" }).trim().split("\n");
    expect(printed).toEqual(
      operationTable.map(([name, least, most], code) => `${code} ${name} ${least} ${most}`),
    );
    return undefined;
  });

  test("a step is its number, whether it is optional, and its arguments with a NUL each", () => {
    const bytes = encodeOperations([optional(["mkdir", "/a", 0o755])]);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 1, 2, 0]);
    expect(bytes.subarray(4).toString("latin1")).toBe("\x02\0\0\0/a\0\x03\0\0\x00493\0");
  });
});
