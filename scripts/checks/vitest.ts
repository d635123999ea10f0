export const VITEST = "node_modules/vitest/vitest.mjs";

interface VitestRun {
  readonly project: string;
  /** One of its files, or all. */
  readonly file?: string;
  /** Where the JSON reporter writes. */
  readonly report: string;
  /** A folder that all runs of one `npm test` share: what one has transformed, the others read. */
  readonly modules: string;
}

/** Pure: the arguments of node. */
export function vitestArguments({ project, file, report, modules }: VitestRun): string[] {
  return [
    ...[VITEST, "run", "--project", project, file ?? "--passWithNoTests"],
    ...["--reporter=default", "--reporter=json", `--outputFile=${report}`],
    ...["--experimental.fsModuleCache", `--experimental.fsModuleCachePath=${modules}`],
  ];
}
