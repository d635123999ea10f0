import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import type { Finished } from "#test/support/cluster";
import { findProgram } from "#test/support/host";
import type { LabHost, LabProcess } from "#test/support/hosts";

/**
 * A machine of the lab with a clone of the repository and a shell, as a reader of the pages has them: ports and
 * addresses are free, so that commands run as they stand there. Two things differ, for machines of a lab share their
 * disks: `kaji` and `npm start` get a --root-dir, and /var/lib/kaji, /run/kaji and /var/log/kaji are where that leads.
 */
export interface DocsMachine {
  readonly host: LabHost;
  /** The clone: what commands write is here. */
  readonly folder: string;
  /** In the one shell of the machine: variables and the folder stay for the next one. */
  run(command: string, timeoutMs: number): Promise<Finished>;
  start(command: string): LabProcess;
}

const LINKED = ["manifests", "scripts", "package.json", "docs"];

export function readyMachine(host: LabHost, env: Readonly<Record<string, string>>): DocsMachine {
  const folder = join(host.rootDir, "clone");
  const programs = join(host.rootDir, "programs");
  const state = join(host.rootDir, "shell-state");
  mkdirSync(folder, { recursive: true });
  mkdirSync(programs, { recursive: true });
  for (const name of LINKED) symlinkSync(join(packageRoot(), name), join(folder, name));
  for (const place of [folder, programs])
    writeFileSync(join(place, "kaji"), kajiScript(host.rootDir), { mode: 0o755 });
  writeFileSync(join(programs, "npm"), npmScript(host.rootDir), { mode: 0o755 });
  writeFileSync(state, `cd ${folder}\n`);
  const full = {
    PATH: `${programs}:${process.env.PATH ?? ""}:/usr/sbin:/sbin`,
    HOME: folder,
    ...env,
  };
  const inFull = (script: string): string[] => {
    const words = Object.entries(full).map(([name, value]) => `${name}=${value}`);
    return ["env", "--unset=KUBECONFIG", ...words, "bash", "-o", "pipefail", "-c", script];
  };
  const { lib, run, log } = host.locations;
  const real = (command: string): string =>
    command
      .replaceAll("/var/lib/kaji", lib)
      .replaceAll("/run/kaji", run)
      .replaceAll("/var/log/kaji", log);
  const keep = `{ declare -p; printf 'cd %q\\n' "$PWD"; } >${state}`;
  return {
    host,
    folder,
    run(command, timeoutMs) {
      const script = `. ${state} 2>/dev/null\n{ ${real(command)}\n} 2>&1\ncode=$?; ${keep}; exit $code`;
      return host.run(inFull(script), { timeoutMs });
    },
    start: (command) => host.spawn(inFull(`. ${state} 2>/dev/null\n${real(command)}\n`)),
  };
}

function kajiScript(rootDir: string): string {
  return `#!/bin/sh
case $1 in version | completion | --*) exec ${packageRoot()}/kaji "$@" ;; esac
exec ${packageRoot()}/kaji "$@" --root-dir ${rootDir}
`;
}

function npmScript(rootDir: string): string {
  const npm = findProgram("npm") ?? "npm";
  return `#!/bin/sh
[ "$1" = start ] || exec ${npm} --silent "$@"
shift; [ "$1" != -- ] || shift
cd ${packageRoot()}
exec ${npm} --silent start -- "$@" --root-dir ${rootDir}
`;
}
