import { describe, expect, test } from "vitest";
import type { HistoryAnswer, HistorySeries } from "#api/history/answer";
import { MAX_VALUES } from "#control-plane/history/answer";
import { parseQuery } from "#control-plane/history/query";
import { questionIn, questionText, wholeAnswer } from "#control-plane/history/whole-history";

const query = parseQuery(new URLSearchParams("of=nodes&range=30s"));

function node(name: string, cpu: readonly (number | null)[]): HistorySeries {
  return { labels: { node: name }, values: { cpu, memory: cpu } };
}

function answer(...series: HistorySeries[]): HistoryAnswer {
  return { start: 1_000, stepSeconds: 10, slots: 3, series, left: 0 };
}

describe("what several servers keep", () => {
  test("is one answer: what one of them does not know is taken from the others", () => {
    const own = answer(node("a", [null, null, 3]));
    const others = [answer(node("a", [1, null, 9])), answer(node("a", [7, 2, 9]), node("b", [4]))];
    expect(wholeAnswer(own, others, query).series).toEqual([node("a", [1, 2, 3]), node("b", [4])]);
  });

  test("leaves out what answers another question, or none", () => {
    const own = answer(node("a", [1, 2, 3]));
    const others = [undefined, null, "no", { ...answer(node("b", [1])), start: 990 }];
    expect(wholeAnswer(own, others, query)).toEqual(own);
  });

  test("has a pod once, also where one of them does not know whose it is", () => {
    const pod = (owner: string, cpu: readonly (number | null)[]): HistorySeries => ({
      labels: { namespace: "default", pod: "web-1", owner },
      values: { cpu },
    });
    const whole = wholeAnswer(answer(pod("web", [null, 2])), [answer(pod("", [1, 1]))], query);
    expect(whole.series).toEqual([pod("web", [1, 2])]);
  });

  test("is cut to the busiest, and says how many are left", () => {
    const many = MAX_VALUES / 6 + 10;
    const half = (from: number, count: number): HistorySeries[] =>
      Array.from({ length: count }, (_, i) => node(`n${from + i}`, [null, null, from + i]));
    const own = answer(...half(0, many / 2));
    const other = { ...answer(...half(Math.ceil(many / 2), many / 2)), left: 5 };
    const whole = wholeAnswer(own, [other], query);
    expect(whole.series).toHaveLength(Math.floor(MAX_VALUES / 6));
    expect(whole.series[0]?.values.cpu?.[2]).toBeGreaterThan(16_000);
    expect(whole.left).toBe(own.series.length + other.series.length - whole.series.length + 5);
  });
});

test("a question arrives as it was asked", () => {
  const asked = parseQuery(new URLSearchParams("of=pods&namespace=a&name=b%26c&range=6h"));
  for (const fromSlot of [undefined, 77]) {
    const text = questionText({ query: asked, nowMs: 1_800_000_000_123, fromSlot });
    const { searchParams } = new URL(text, "server:/");
    expect(questionIn(searchParams)).toEqual({ query: asked, nowMs: 1_800_000_000_123, fromSlot });
  }
});
