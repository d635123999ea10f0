import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Container, Pod } from "#api/schema/types";
import { terminationLogPath } from "#node-agent/container/mounts";
import { podLogDirectory } from "#node-agent/container/sandbox-config";
import { readLogTail } from "#node-agent/logs/tail";
import type { NodeContext } from "#node-agent/node-context";
import { uidOf } from "#node-agent/objects";
import { podDirectory } from "#node-agent/volumes/pod-volumes";

const maxMessageBytes = 4096;
const maxLogBytes = 2048;
const maxLogLines = 80;

/** What an ended container had to say: its termination log, or the end of its output where it asks for that. */
export async function terminationMessage(
  context: NodeContext,
  pod: Pod,
  ended: { readonly spec: Container; readonly restartCount: number; readonly exitCode: number },
): Promise<string | undefined> {
  const { spec, restartCount, exitCode } = ended;
  const directory = podDirectory(context.directories, uidOf(pod));
  const path = terminationLogPath(directory, spec.name, restartCount);
  const text = await readBounded(path, maxMessageBytes);
  if (text) return text;
  const fallsBack = spec.terminationMessagePolicy === "FallbackToLogsOnError" && exitCode !== 0;
  if (!fallsBack) return undefined;
  const log = join(podLogDirectory(context.logDirectory, pod), spec.name, `${restartCount}.log`);
  const tail = await readLogTail(log, maxLogLines, maxLogBytes);
  return tail === "" ? undefined : tail;
}

async function readBounded(path: string, limit: number): Promise<string> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return "";
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
