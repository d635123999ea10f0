/** What is bundled on its own: the command line, and the worker threads that are started by file name. */
export const entryPoints: Readonly<Record<string, string>> = {
  kaji: "cli/main.ts",
};
