import { describe, expect, test } from "vitest";
import type { ContainerStatus, Pod } from "#api/schema/types";
import { LogFollower } from "#cli/logs/log-follower";
import {
  type LogLine,
  mergeByTime,
  sortableTime,
  splitLines,
  stampedLine,
} from "#cli/logs/log-lines";
import { type LogSource, nothingOf, sourcesOf } from "#cli/logs/log-sources";
import type { LogPart } from "#cli/logs/log-stream";
import type { Clock } from "#kit/clock";

async function* given<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const at = (second: number, text: string): LogLine => ({
  time: `2026-01-01T12:00:0${second}Z`,
  text,
});

describe("lines of a log", () => {
  test("are put together again from pieces, letters and all", async () => {
    const bytes = new TextEncoder().encode("eins\nzwölf\nohne Ende");
    const pieces = [bytes.subarray(0, 8), bytes.subarray(8, 9), bytes.subarray(9)];
    expect(await all(splitLines(given(...pieces)))).toEqual(["eins", "zwölf", "ohne Ende"]);
  });

  test("without an end are handed on in pieces, so that a binary file does not fill the memory", async () => {
    const piece = new Uint8Array(200_000).fill(65);
    const lines = await all(splitLines(given(piece, piece, piece)));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join("")).toHaveLength(600_000);
  });

  test("have a time, or that of the line before", () => {
    expect(stampedLine("2026-01-01T12:00:01.5Z said it", "")).toEqual({
      time: "2026-01-01T12:00:01.5Z",
      text: "said it",
    });
    expect(stampedLine("no time", "2026-01-01T12:00:01Z").time).toBe("2026-01-01T12:00:01Z");
    expect(stampedLine("2026-01-01T12:00:01Z", "").text).toBe("");
  });

  test("times compare by all their digits", () => {
    expect(sortableTime("2026-01-01T12:00:01Z") < sortableTime("2026-01-01T12:00:01.05Z")).toBe(
      true,
    );
    expect(sortableTime("2026-01-01T12:00:01.5Z") > sortableTime("2026-01-01T12:00:01.45Z")).toBe(
      true,
    );
  });

  test("two times are one, however many digits each has", () => {
    const [short, long] = ["2026-01-01T12:00:01.5Z", "2026-01-01T12:00:01.500Z"].map(sortableTime);
    expect(short).toBe(long);
  });

  test("of several logs are merged by time", async () => {
    const merged = mergeByTime([
      { source: "a", lines: given(at(1, "1"), at(4, "4")) },
      { source: "b", lines: given(at(2, "2"), at(3, "3"), at(5, "5")) },
      { source: "c", lines: given<LogLine>() },
    ]);
    expect((await all(merged)).map(({ source, line }) => source + line.text)).toEqual([
      ...["a1", "b2", "b3", "a4", "b5"],
    ]);
  });
});

const running = { running: { startedAt: "2026-01-01T12:00:00Z" } };

function container(name: string, fields: Partial<ContainerStatus> = {}): ContainerStatus {
  const run = { containerID: `id-${name}-0`, restartCount: 0, state: running };
  return { name, image: "", imageID: "", ready: true, ...run, ...fields };
}

function pod(name: string, statuses: readonly ContainerStatus[], phase = "Running"): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "shop", uid: `uid-${name}` },
    spec: { containers: statuses.map((one) => ({ name: one.name, image: "" })) },
    status: { phase, containerStatuses: [...statuses] },
  };
}

describe("which containers have logs", () => {
  test("where there are none, it is said of what", () => {
    const of = (name: string, pods: number): string =>
      nothingOf({ name, selection: { namespace: "shop" }, ends: false }, pods);
    expect(of("pods", 0)).toBe("No pods found in shop namespace.");
    expect(of("deployment/web", 0)).toBe("No pods of deployment/web found in shop namespace.");
    expect(of("pods", 2)).toContain("None of the 2 pods has a log yet");
    expect(of("pods with app=web", 0)).toBe("No pods with app=web found in shop namespace.");
  });

  const two = pod("web", [container("main"), container("side")]);
  const names = (of: Pod, wanted: Partial<Parameters<typeof sourcesOf>[1]>): string[] =>
    sourcesOf(of, { all: false, previous: false, ...wanted }).map((one) => one.container);

  test("the first, the annotated, the named, or all", () => {
    const annotations = { "kubectl.kubernetes.io/default-container": "side" };
    const annotated = { ...two, metadata: { ...two.metadata, annotations } };
    expect(names(two, {})).toEqual(["main"]);
    expect(names(annotated, {})).toEqual(["side"]);
    expect(names(two, { container: "side" })).toEqual(["side"]);
    expect(names(two, { all: true })).toEqual(["main", "side"]);
  });

  test("none that has not started; of the run before, only those that had one", () => {
    const waiting = container("main", { state: { waiting: { reason: "ContainerCreating" } } });
    expect(names(pod("web", [waiting]), {})).toEqual([]);
    const restarted = container("main", { lastState: { terminated: { exitCode: 1 } } });
    expect(names(two, { previous: true })).toEqual([]);
    expect(names(pod("web", [restarted]), { previous: true })).toEqual(["main"]);
  });
});

/** Time that passes when somebody waits for it. */
const impatient: Clock = {
  now: () => 0,
  after(_, callback) {
    queueMicrotask(callback);
    return () => undefined;
  },
};

/** A follower over logs that a test hands out. */
function following(logs: Readonly<Record<string, readonly (LogLine | Error)[][]>>) {
  const written: string[] = [];
  const asked: string[] = [];
  const notes: string[] = [];
  let isDone: () => void;
  const done = new Promise<void>((resolve) => (isDone = resolve));
  const opened = new Map<string, number>();
  const abort = new AbortController();
  const follower: LogFollower = new LogFollower({
    sourcesOf: (one) => sourcesOf(one, { all: false, previous: false }),
    async *open({ run }: LogSource, part: LogPart) {
      asked.push(`${run} ${JSON.stringify(part)}`);
      const time = opened.get(run) ?? 0;
      opened.set(run, time + 1);
      for (const line of logs[run]?.[time] ?? []) {
        if (line instanceof Error) throw line;
        yield line;
      }
      // The end of what the test has prepared: nothing goes on.
      if (time + 1 >= (logs[run]?.length ?? 0)) follower.apply({ type: "DELETED", object: live });
    },
    write: async (source, line) => void written.push(`${source.pod} ${line.text}`),
    note: (sentence) => void notes.push(sentence),
    ended: () => isDone(),
    ...{ firstPart: { tailLines: 2 }, clock: impatient, signal: abort.signal },
  });
  let live: Pod;
  const start = (one: Pod): void => {
    live = one;
    follower.replace([one]);
  };
  return { written, asked, notes, follower, done, start };
}

describe("following", () => {
  test("a stream that breaks while its container runs goes on where it ended, without a line twice", async () => {
    const { written, asked, done, start } = following({
      "id-main-0": [
        [at(1, "1"), at(2, "2"), new Error("the connection was closed")],
        [at(2, "2"), at(3, "3")],
      ],
    });
    start(pod("web", [container("main")]));
    await done;
    expect(written).toEqual(["web 1", "web 2", "web 3"]);
    expect(asked).toEqual([
      'id-main-0 {"tailLines":2}',
      'id-main-0 {"sinceTime":"2026-01-01T12:00:02Z"}',
    ]);
  });

  test("pods that come later are read from their beginning", async () => {
    const { asked, follower, done, start } = following({ "id-late-0": [[at(1, "1")]] });
    const late = pod("late", [container("late")]);
    start(pod("web", []));
    follower.apply({ type: "ADDED", object: late });
    follower.apply({ type: "DELETED", object: late });
    await done;
    expect(asked).toEqual(["id-late-0 {}"]);
  });

  test("of pods that are gone nothing is remembered: a namespace is followed for weeks", async () => {
    const { asked, follower, done, start } = following({ "id-main-0": [[at(1, "1")]] });
    const web = pod("web", [container("main")]);
    start(web);
    await done;
    follower.replace([web]);
    expect(asked).toHaveLength(2);
  });

  test("a log that cannot be read says so, and is over when its pod is", async () => {
    const { notes, follower, done, start } = following({ "id-main-0": [[new Error("refused")]] });
    start(pod("web", [container("main", { state: { terminated: { exitCode: 0 } } })], "Succeeded"));
    await done;
    expect(notes).toEqual(["kaji: the log of web/main ended: refused"]);
    expect(follower.isOver).toBe(true);
  });
});
