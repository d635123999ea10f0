import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { locationsFor } from "#kit/locations";
import { seededRng } from "#kit/rng";
import { openRangeBook, removeRanges } from "#node-agent/users/range-book";
import { RANGE_SIZE, UserRangesExhausted } from "#node-agent/users/user-ranges";

/** Pods of three nodes come and go, as many as there are ranges; now and then an agent starts again. */
const steps = fc.array(
  fc.record({
    node: fc.constantFrom("/a/run", "/a/run2", "/b/run"),
    action: fc.constantFrom("hold", "hold", "release", "restart"),
    uid: fc.integer({ min: 1, max: 4 }).map(String),
  }),
  { maxLength: 60, size: "max" },
);

describe("the book of user ids", () => {
  let directory: string;
  beforeEach(() => {
    directory = join(mkdtempSync("/tmp/kaji-users-"), "ranges");
  });
  afterEach(() => rmSync(join(directory, ".."), { recursive: true, force: true }));

  const open = (owner: string, blocks?: number) =>
    openRangeBook({ owner, rng: seededRng(1), directory, ...(blocks ? { blocks } : {}) });
  /** All that is written down: whose which block is. */
  const claims = (): string[] =>
    existsSync(directory)
      ? readdirSync(directory).flatMap((boot) =>
          readdirSync(join(directory, boot)).map((name) =>
            readlinkSync(join(directory, boot, name)),
          ),
        )
      : [];

  test("gives no two pods of a host an id in common, whichever of its nodes they run on", () => {
    const pods = 12;
    fc.assert(
      fc.property(steps, (sequence) => {
        const books = new Map(
          ["/a/run", "/a/run2", "/b/run"].map((node) => [node, open(node, pods)]),
        );
        const firstIds = new Map<string, number>();
        for (const { node, action, uid } of sequence) {
          const pod = `${node}/${uid}`;
          if (action === "restart") books.set(node, open(node, pods));
          if (action === "release") {
            books.get(node)?.release(uid);
            firstIds.delete(pod);
          }
          if (action !== "hold") continue;
          const { firstId = 0, count } = books.get(node)?.hold(uid) ?? {};
          expect(count).toBe(RANGE_SIZE);
          expect(firstIds.get(pod) ?? firstId).toBe(firstId);
          firstIds.set(pod, firstId);
          expect(new Set(firstIds.values()).size).toBe(firstIds.size);
        }
        expect(claims().sort()).toEqual([...firstIds.keys()].sort());
        for (const [node, book] of books)
          for (const uid of book.uids()) books.get(node)?.release(uid);
        expect(existsSync(directory)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  test("has on disk what it answered: an agent that starts again gives the same, and none of it to others", () => {
    const range = open("/run/kaji").hold("a");
    const again = open("/run/kaji");
    expect(again.uids()).toEqual(["a"]);
    expect(again.hold("a")).toEqual(range);
    expect(again.hold("b").firstId).not.toBe(range.firstId);
    again.release("a");
    again.release("a");
    expect(open("/run/kaji").uids()).toEqual(["b"]);
  });

  test("begins anywhere, and lets ids rest for as long as others are free", () => {
    const begins = [1, 2, 3].map((seed) => {
      const book = openRangeBook({ owner: "/run/kaji", rng: seededRng(seed), directory });
      const { firstId } = book.hold("a");
      book.release("a");
      expect(book.hold("b").firstId).toBe(firstId + RANGE_SIZE);
      book.release("b");
      return firstId;
    });
    expect(new Set(begins).size).toBe(3);
  });

  test("says when all are taken, and one that ends makes room", () => {
    const [here, there] = [open("/a/run", 3), open("/b/run", 3)];
    const ranges = [here.hold("1"), here.hold("2"), there.hold("3")];
    expect(() => there.hold("4")).toThrow(UserRangesExhausted);
    expect(() => there.hold("4")).toThrow(
      "no user ids are left on this host: 3 pods with hostUsers: false have them all",
    );
    here.release("2");
    expect(there.hold("4")).toEqual(ranges[1]);
  });

  test("gives the pods of agents that ask at the same instant, and are killed, blocks of their own", async () => {
    const asker = `
      import { openRangeBook } from "#node-agent/users/range-book";
      const [owner, directory] = process.argv.slice(-2);
      const book = openRangeBook({ owner, directory, rng: { next: () => 0 } });
      for (let pod = 0; ; pod++) process.stdout.write(owner + " " + book.hold(String(pod)).firstId + "\\n");`;
    const answers = await Promise.all(
      ["/a", "/b", "/c"].map(async (owner) => {
        const command = ["--conditions=source", "--import=tsx", "--input-type=module", "-e", asker];
        const child = spawn(process.execPath, [...command, owner, directory]);
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          if (output.split("\n").length > 100) child.kill("SIGKILL");
        });
        await once(child, "close");
        return output.split("\n").slice(0, 100);
      }),
    );
    const firstIds = answers.flat().map((line) => line.split(" ")[1]);
    expect(firstIds).toHaveLength(300);
    expect(new Set(firstIds).size).toBe(300);
  });

  test("writes nothing for pods that have no users of their own", () => {
    open("/run/kaji").release("never seen");
    expect(existsSync(directory)).toBe(false);
  });

  test("is empty after a reboot, which no pod survived", () => {
    const earlier = join(directory, "an-earlier-boot");
    mkdirSync(earlier, { recursive: true });
    symlinkSync("/run/kaji/a", join(earlier, "7"));
    expect(open("/run/kaji").uids()).toEqual([]);
    expect(existsSync(earlier)).toBe(false);
  });

  test("gives back what a node held when it goes, and nothing of another's", () => {
    const going = locationsFor("/a");
    for (const uid of ["1", "2"]) open(going.run).hold(uid);
    open("/b/run").hold("1");
    removeRanges(going, directory);
    expect(claims()).toEqual(["/b/run/1"]);
    removeRanges(locationsFor("/b"), directory);
    expect(existsSync(directory)).toBe(false);
  });
});
