import { describe, expect, test } from "vitest";
import { keyAction } from "#dashboard/model/key-action";
import { sections } from "#dashboard/pages/sections";

describe("keys of the dashboard", () => {
  test("g and a letter open a page, and each page has a letter of its own", () => {
    const pages = sections.flatMap(({ pages: all }) => all);
    expect(new Set(pages.map(({ key }) => key)).size).toBe(pages.length);
    expect(keyAction("", "g")).toEqual({ type: "wait" });
    expect(keyAction("g", "p")).toEqual({ type: "page", path: "pods" });
    expect(keyAction("g", "z")).toEqual({ type: "none" });
  });

  test("no key is taken for a command that it is not", () => {
    expect(keyAction("", "?")).toEqual({ type: "help" });
    expect(keyAction("", "/")).toEqual({ type: "search" });
    expect(keyAction("", "l")).toEqual({ type: "tab", name: "Logs" });
    expect(keyAction("", "toString")).toEqual({ type: "none" });
    expect(keyAction("", "p")).toEqual({ type: "none" });
  });
});
