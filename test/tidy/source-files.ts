import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The TypeScript files of the tree, committed or not, without what a generator wrote. */
export function sourceFiles(...extensions: string[]): string[] {
  const wanted = extensions.length > 0 ? extensions : [".ts"];
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return (
    output
      .split("\n")
      .filter((file) => wanted.some((extension) => file.endsWith(extension)))
      // What is deleted and not committed yet is still listed.
      .filter(existsSync)
      .filter((file) => !file.startsWith("proto/generated/") && file !== "api/schema/types.ts")
  );
}
