import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Every colour that says something can be read on what it stands on: WCAG 2.2, level AA, 1.4.3 and 1.4.11. */
const TEXT = 4.5;
const EDGE = 3;

type Rgb = readonly [number, number, number];

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

function rgbOf(hex: string): Rgb {
  const [r = 0, g = 0, b = 0] = (hex.match(/[0-9a-f]{2}/gi) ?? []).map((two) => parseInt(two, 16));
  return [r, g, b];
}

function luminanceOf(colour: Rgb): number {
  const [r = 0, g = 0, b = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrastOf(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** `percent` of a colour over another. */
function mixed(colour: Rgb, under: Rgb, percent: number): Rgb {
  const at = (i: 0 | 1 | 2): number => (colour[i] * percent + under[i] * (100 - percent)) / 100;
  return [at(0), at(1), at(2)];
}

/** "--name: light-dark(#…, #…)" in all files, as the scheme has it. */
function coloursOf(scheme: "light" | "dark"): ReadonlyMap<string, Rgb> {
  const css = ["base.css", "charts.css", "text-panes.css"].map(read).join("\n");
  const found = [...css.matchAll(/--([\w-]+):\s*light-dark\(\s*(#\w{6}),\s*(#\w{6})\s*\)/g)];
  const own = found.map(([, name = "", light = "", dark = ""]) => {
    return [name, rgbOf(scheme === "light" ? light : dark)] as const;
  });
  return new Map(own);
}

describe.each(["light", "dark"] as const)("in the %s scheme", (scheme) => {
  const colours = coloursOf(scheme);
  const named = (name: string): Rgb => {
    const colour = colours.get(name);
    if (!colour) throw new Error(`there is no colour --${name}`);
    return colour;
  };
  const words = ["text", "soft", "accent", "good", "warn", "bad", "busy"];
  test.each(words)("words in --%s are read on the page and on a card", (word) => {
    for (const under of ["ground", "surface"])
      expect(contrastOf(named(word), named(under)), under).toBeGreaterThanOrEqual(TEXT);
  });

  test.each(["accent", "bad"])("a button's words are read on --%s", (under) => {
    expect(contrastOf(named("surface"), named(under))).toBeGreaterThanOrEqual(TEXT);
  });

  test.each(["good", "bad"])("a line of a difference is read on a hint of --%s", (word) => {
    for (const under of ["ground", "surface"]) {
      const ground = mixed(named(word), named(under), 18);
      expect(contrastOf(named("text"), ground), under).toBeGreaterThanOrEqual(TEXT);
    }
  });

  test("the edge of a field is seen", () => {
    for (const under of ["ground", "surface"])
      expect(contrastOf(named("edge"), named(under)), under).toBeGreaterThanOrEqual(EDGE);
  });

  test.each(["c1", "c2", "c3", "c4", "c5"])("a line of a chart in --%s is seen", (line) => {
    expect(contrastOf(named(line), named("surface"))).toBeGreaterThanOrEqual(EDGE);
  });
});

test("a log is read, and what was searched for in it", () => {
  const [log = "", mark = ""] = [".logs", ".logs mark"].map((selector) => {
    const [, rule = ""] = read("text-panes.css").split(`${selector} {`);
    return rule.slice(0, rule.indexOf("}"));
  });
  for (const rule of [log, mark]) {
    const under = /background:\s*(#\w{6})/.exec(rule)?.[1] ?? "";
    const word = /\n\s*color:\s*(#\w{6})/.exec(rule)?.[1] ?? "";
    expect(contrastOf(rgbOf(word), rgbOf(under))).toBeGreaterThanOrEqual(TEXT);
  }
});
