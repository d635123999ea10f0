import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openAddressBook } from "#node-agent/network/address-book";
import { bootFile } from "#node-agent/network/boot-file";
import { parseRange } from "#kit/ipv4";

const rules = { range: parseRange("10.244.0.0/24"), quarantineMs: 60_000 };

describe("the address book", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync("/tmp/kaji-network-");
    path = join(directory, "run", "addresses.json");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test("knows after a restart who holds what, which host ports, and what is in quarantine", () => {
    const hostPorts = [
      { hostIp: undefined, hostPort: 80, containerPort: 8080, protocol: "TCP" as const },
    ];
    const book = openAddressBook(path, () => 1000);
    expect(book.hold(rules, { uid: "a", hostPorts })).toBe("10.244.0.2");
    expect(book.hold(rules, { uid: "b", hostPorts: [] })).toBe("10.244.0.3");
    book.release("b");
    const again = openAddressBook(path, () => 2000);
    expect(again.uids()).toEqual(["a"]);
    expect(again.ipOf("a")).toBe("10.244.0.2");
    expect(again.hostPorts()).toMatchObject([{ ip: "10.244.0.2", hostPorts: [{ hostPort: 80 }] }]);
    expect(again.hold(rules, { uid: "c", hostPorts: [] })).toBe("10.244.0.4");
    again.release("a");
    again.release("a");
    expect(openAddressBook(path, () => 2000).hostPorts()).toEqual([]);
  });

  test("is empty after a reboot", () => {
    const book = bootFile<string>(path, "boot-1");
    book.write("old");
    expect(bootFile<string>(path, "boot-1").read()).toBe("old");
    expect(bootFile<string>(path, "boot-2").read()).toBeUndefined();
  });

  test("a write that was cut short leaves what was there", () => {
    openAddressBook(path, () => 0).hold(rules, { uid: "a", hostPorts: [] });
    writeFileSync(`${path}.new`, readFileSync(path, "utf8").slice(0, 20));
    expect(openAddressBook(path, () => 0).uids()).toEqual(["a"]);
  });

  test("a file that cannot be read is named", () => {
    openAddressBook(path, () => 0).hold(rules, { uid: "a", hostPorts: [] });
    writeFileSync(path, "{");
    expect(existsSync(path)).toBe(true);
    expect(() => openAddressBook(path, () => 0)).toThrow(path);
  });

  test("a clock that was set back does not prolong the quarantine", () => {
    const book = openAddressBook(path, () => 10_000_000);
    const tiny = { range: parseRange("10.244.0.0/30"), quarantineMs: 60_000 };
    book.hold(tiny, { uid: "a", hostPorts: [] });
    book.release("a");
    let now = 0;
    const again = openAddressBook(path, () => now);
    expect(() => again.hold(tiny, { uid: "b", hostPorts: [] })).toThrow("no free address");
    now = 60_000;
    expect(again.hold(tiny, { uid: "b", hostPorts: [] })).toBe("10.244.0.2");
  });
});
