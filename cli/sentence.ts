/**
 * What went wrong and why, from an error and its causes. A cause that is told already is not told again: some
 * errors put their cause's message into their own.
 */
export function sentenceOf(error: unknown): string {
  let told = "";
  for (let at = error, depth = 0; at !== undefined && depth < MAX_CAUSES; depth++) {
    const message = at instanceof Error ? messageOf(at, told) : textOf(at);
    if (!told.includes(message)) told = told ? `${told}: ${message}` : message;
    at = at instanceof Error ? at.cause : undefined;
  }
  return told;
}

const MAX_CAUSES = 6;

function textOf(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : JSON.stringify(thrown);
}

/** What a call to the kernel about a file answers, by its code: what is wrong, and what to do. */
const fileProblems: Readonly<Record<string, readonly [problem: string, advice: string]>> = {
  ENOENT: ["is not there", "check the path"],
  EACCES: ["may not be opened by you", "check its owner and mode, or run it with sudo"],
  EPERM: ["may not be changed by you", "check its owner and mode, or run it with sudo"],
  EISDIR: ["is a folder", "name a file"],
  ENOTDIR: ["has a file where a folder is meant", "check the path"],
  ENOSPC: ["cannot be written, for the disk is full", "make room"],
  EROFS: ["is on a file system that is read-only", "name another place"],
  ELOOP: ["is a link that leads back to itself", "name the file"],
  ENAMETOOLONG: ["has too long a name", "check the path"],
  EEXIST: ["is there already", "name another"],
};

/** `told`: what is said already, which need not be named again. */
function messageOf(error: Error, told: string): string {
  const { code = "", path, syscall } = error as NodeJS.ErrnoException;
  const [problem, advice] = fileProblems[code] ?? [];
  if (problem === undefined || (path === undefined && syscall !== "read")) {
    return error.message || error.name;
  }
  if (path !== undefined && !told.includes(path)) return `${path} ${problem}: ${advice}`;
  return told.includes(`it ${problem}`) ? `it ${problem}` : `it ${problem}: ${advice}`;
}
