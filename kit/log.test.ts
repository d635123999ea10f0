import { expect, test } from "vitest";
import { createLog, type LogFormat } from "#kit/log";

function logged(
  format: LogFormat,
  say: (log: ReturnType<typeof createLog>) => void,
  level: "debug" | "info" = "info",
): string[] {
  const lines: string[] = [];
  const fields = { component: "agent" };
  const now = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  say(createLog({ level, format, now, fields, write: (line) => void lines.push(line) }));
  return lines;
}

test("an entry is one line of JSON with time, level, component, message and its fields", () => {
  const [line = ""] = logged("json", (log) => log.warn("it\nbroke", { pod: "default/web" }));
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({
    ...{ time: "2026-01-02T03:04:05.006Z", level: "warn", component: "agent" },
    ...{ message: "it\nbroke", pod: "default/web" },
  });
});

test("what is below the level is not written", () => {
  const say = (log: ReturnType<typeof createLog>): void => log.debug("detail");
  expect(logged("json", say)).toEqual([]);
  expect(logged("json", say, "debug")).toHaveLength(1);
});

test("for people it is one sentence a line", () => {
  const [line] = logged("text", (log) =>
    log.info("drained", { pod: "default/web", why: "it goes" }),
  );
  expect(line).toBe('03:04:05.006 info  agent: drained pod=default/web why="it goes"\n');
});

test("codes for a terminal are shown and do nothing", () => {
  const [line] = logged("text", (log) => log.info("pulled", { why: "\u001b[2Jdone" }));
  expect(line).toBe('03:04:05.006 info  agent: pulled why="\\u001b[2Jdone"\n');
});

test.each(["json", "text"] as const)("no secret is written as %s, however deep it is", (format) => {
  const [line = ""] = logged(format, (log) =>
    log.info("joining", {
      ...{ joinToken: "abc.123", password: "abc.123" },
      request: { headers: { Authorization: "Bearer abc.123" }, secret: { data: "abc.123" } },
    }),
  );
  expect(line).not.toContain("abc.123");
  expect(line).toContain("(not shown)");
});

test.each(["json", "text"] as const)(
  "a line as %s has an end, however much there is to say",
  (format) => {
    const [line = ""] = logged(format, (log) =>
      log.error("x".repeat(5_000), { why: "y".repeat(100_000) }),
    );
    expect(line.length).toBeLessThan(17_000);
    expect(line).toContain("xxx");
    if (format === "json")
      expect(JSON.parse(line)).toMatchObject({ isCut: true, component: "agent" });
  },
);

test("an error is its chain of messages", () => {
  const error = new Error("cannot start", { cause: new Error("no such file") });
  const [line = ""] = logged("json", (log) => log.error("failed", { error }));
  expect(JSON.parse(line)).toMatchObject({ error: "cannot start: no such file" });
});
