import { execFileSync } from "node:child_process";

const NAME_LENGTH = 200;

/**
 * Makes a directory with so many others in each other that no path leads to the innermost, as a container may;
 * that one holds a file `last` of 1 MiB.
 */
export function makeDeep(root: string, levels: number): void {
  const script = `
    set -e
    mkdir -p "$1"; cd "$1"
    for i in $(seq "$2"); do mkdir "$3"; cd -P "$3"; done
    head -c 1048576 /dev/urandom > last`;
  execFileSync("bash", ["-c", script, "make-deep", root, String(levels), "d".repeat(NAME_LENGTH)]);
}
