/** How a container ended, as its supervisor wrote it down: "status started finished oomKills". */
export interface ExitRecord {
  /** The exit code, or 256 + signal. */
  readonly status: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly oomKills: number;
}

export function parseExitRecord(text: string): ExitRecord | undefined {
  const [status, started, finished, oomKills] = text.trim().split(" ").map(Number);
  if (status === undefined || started === undefined || finished === undefined) return undefined;
  return { status, startedAtMs: started, finishedAtMs: finished, oomKills: oomKills ?? 0 };
}

export function exitOf(status: number): { exitCode: number; signal?: number } {
  return status < 256
    ? { exitCode: status }
    : { exitCode: 128 + status - 256, signal: status - 256 };
}

export function reasonOf(record: ExitRecord): "Completed" | "Error" | "OOMKilled" {
  if (record.status === 0) return "Completed";
  return record.oomKills > 0 ? "OOMKilled" : "Error";
}

const signalNumbers: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  TRAP: 5,
  ABRT: 6,
  BUS: 7,
  FPE: 8,
  KILL: 9,
  USR1: 10,
  SEGV: 11,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  TSTP: 20,
  TTIN: 21,
  TTOU: 22,
  URG: 23,
  XCPU: 24,
  XFSZ: 25,
  VTALRM: 26,
  PROF: 27,
  WINCH: 28,
  IO: 29,
  PWR: 30,
  SYS: 31,
};

const LAST_SIGNAL = 64;
const RTMIN = 34;

/** "SIGTERM", "TERM", "15", "SIGRTMIN+3"; anything else is SIGTERM. */
export function signalNumber(name: string): number {
  if (/^\d+$/.test(name)) return Math.min(LAST_SIGNAL, Number(name)) || 15;
  const plain = name.toUpperCase().replace(/^SIG/, "");
  const realTime = /^RTMIN\+(\d+)$/.exec(plain);
  if (realTime) return Math.min(LAST_SIGNAL, RTMIN + Number(realTime[1]));
  return signalNumbers[plain] ?? 15;
}
