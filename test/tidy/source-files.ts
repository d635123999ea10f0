import { execFileSync } from "node:child_process";

/** The TypeScript files of the tree, committed or not, without what a generator wrote. */
export function sourceFiles(...extensions: string[]): string[] {
  const wanted = extensions.length > 0 ? extensions : [".ts"];
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return output
    .split("\n")
    .filter((file) => wanted.some((extension) => file.endsWith(extension)))
    .filter((file) => !file.startsWith("proto/generated/") && file !== "api/schema/types.ts");
}
