import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLog } from "#node-agent/logs/read";
import { readLogTail } from "#node-agent/logs/tail";
import type { LogOptions } from "#node-agent/session/types";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "kaji-logs-"));
  path = join(directory, "0.log");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const line = (second: number, text: string, tag = "F"): string =>
  `2026-01-01T00:00:${String(second).padStart(2, "0")}.000000000Z stdout ${tag} ${text}\n`;
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => line(from + at, `line ${from + at}`)).join("");

async function read(options: Partial<LogOptions>): Promise<string> {
  const all = { follow: false, previous: false, timestamps: false, ...options };
  const signal = new AbortController().signal;
  const request = { path, options: all, signal, isWriting: () => false, onChange: () => () => {} };
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(request)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("reading a log", () => {
  test("gives the text of every line, of both streams", async () => {
    await writeFile(path, line(1, "out") + line(2, "err").replace("stdout", "stderr"));
    expect(await read({})).toBe("out\nerr\n");
  });

  test("a log that is not there yet is empty", async () => {
    expect(await read({})).toBe("");
    expect(await read({ tailLines: 3 })).toBe("");
  });

  test("partial lines come together, with one timestamp", async () => {
    await writeFile(path, line(1, "half ", "P") + line(2, "and half"));
    expect(await read({ timestamps: true })).toBe("2026-01-01T00:00:01.000000000Z half and half\n");
  });

  test.each([
    [{ tailLines: 2 }, "line 8\nline 9\n"],
    [{ tailLines: 0 }, ""],
    [{ tailLines: 99 }, lines(1, 9).replace(/^\S+ stdout F /gm, "")],
    [{ sinceTime: "2026-01-01T00:00:08Z" }, "line 8\nline 9\n"],
    [{ tailLines: 3, sinceTime: "2026-01-01T00:00:09Z" }, "line 9\n"],
    [{ limitBytes: 10 }, "line 1\nlin"],
  ])("%j", async (options, text) => {
    await writeFile(path, lines(1, 9));
    expect(await read(options)).toBe(text);
  });

  test("goes back into files that were rotated away", async () => {
    await writeFile(`${path}.2`, lines(1, 3));
    await writeFile(`${path}.1`, lines(4, 6));
    await writeFile(path, lines(7, 9));
    expect(await read({ tailLines: 5 })).toBe("line 5\nline 6\nline 7\nline 8\nline 9\n");
    expect((await read({})).split("\n")).toHaveLength(10);
  });

  test("the tail of a large file is found from its end", async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => line(at % 60, `number ${at}`)).join("");
    await writeFile(path, many);
    expect(await read({ tailLines: 1 })).toBe("number 19999\n");
    expect(await readLogTail(path, 2, 1_000)).toBe("number 19998\nnumber 19999\n");
  });
});

describe("following a log", () => {
  test("gives what is written, across a rotation, until the container has ended", async () => {
    await writeFile(path, lines(1, 2));
    let isWriting = true;
    let change = (): void => undefined;
    const followed = readLog({
      path,
      options: { follow: true, previous: false, timestamps: false },
      signal: new AbortController().signal,
      isWriting: () => isWriting,
      onChange: (listener) => {
        change = listener;
        return () => undefined;
      },
    });
    const next = async (): Promise<string> => String((await followed.next()).value ?? "end");
    expect(await next()).toBe("line 1\nline 2\n");
    await appendFile(path, lines(3, 3));
    expect(await next()).toBe("line 3\n");
    await appendFile(path, lines(4, 4));
    await rename(path, `${path}.1`);
    await writeFile(path, lines(5, 5));
    expect((await next()) + (await next())).toBe("line 4\nline 5\n");
    isWriting = false;
    change();
    expect(await next()).toBe("end");
  });

  test("ends when the reader gives up", async () => {
    await writeFile(path, "");
    const giveUp = new AbortController();
    const followed = readLog({
      path,
      options: { follow: true, previous: false, timestamps: false },
      signal: giveUp.signal,
      isWriting: () => true,
      onChange: () => () => undefined,
    });
    const ending = followed.next();
    giveUp.abort();
    expect((await ending).done).toBe(true);
  });
});
