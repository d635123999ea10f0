import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectPrometheus } from "#control-plane/metrics/prometheus";
import { anyOf, formatMatchers } from "#control-plane/metrics/promql";
import {
  startPrometheus,
  startRealPrometheus,
  type TestPrometheus,
} from "#test/support/prometheus";

/** What is relied on of a Prometheus: the tests' own server keeps it, and the real program where there is one. */
const starts = {
  "the tests' own server": startPrometheus,
  "the real program": startRealPrometheus,
};

const ODD = ['a"b', "a\\b", "a\nb", "a|b", ".*", '"} or up{x="', "日本", "a'b"];

describe.each(Object.entries(starts))("%s", (_, start) => {
  let running: TestPrometheus | undefined;
  beforeAll(async () => {
    running = await start();
    await running?.set([
      ...ODD.map((pod, at) => ({
        labels: { __name__: "load", namespace: "a", pod },
        value: at + 1,
      })),
      { labels: { __name__: "load", namespace: "b", pod: "x" }, value: 100 },
      { labels: { __name__: "nothing", namespace: "a" }, value: Number.NaN },
      { labels: { __name__: "endless", namespace: "a" }, value: Number.POSITIVE_INFINITY },
    ]);
  }, 60_000);
  afterAll(() => running?.stop());

  function prometheus(context: { skip(reason: string): never }) {
    if (running) return connectPrometheus(running.url, Date.now);
    console.warn("SKIPPED the contract of a real Prometheus: this host has no program prometheus");
    return context.skip("this host has no program prometheus");
  }

  test("lists the label sets of series", async (context) => {
    const found = await prometheus(context).series('{__name__=~"load|nothing",namespace!="b"}');
    expect(found).toHaveLength(ODD.length + 1);
    expect(found).toContainEqual(expect.objectContaining({ __name__: "load", pod: 'a"b' }));
  });

  test("selects by a value literally, whatever characters it has", async (context) => {
    const client = prometheus(context);
    for (const [at, pod] of ODD.entries()) {
      const found = await client.query(`load{${formatMatchers([anyOf("pod", [pod])])}}`);
      expect(found.map(({ value }) => value)).toEqual([at + 1]);
    }
    const several = await client.query(
      `sum(load{${formatMatchers([anyOf("pod", ODD.slice(0, 5))])}}) by (pod)`,
    );
    expect(several.map(({ labels }) => labels.pod).sort()).toEqual(ODD.slice(0, 5).sort());
  });

  test("takes no text of a value for a part of the question", async (context) => {
    const client = prometheus(context);
    const evil = fc.array(
      fc.constantFrom('"', "\\", "}", "{", "\n", " or ", "load", "#", ",", 'pod=~".*"', "(", "|"),
    );
    await fc.assert(
      fc.asyncProperty(evil, evil, async (one, two) => {
        const values = [...new Set([one.join(""), two.join("")])].filter(
          (value) => value !== "" && !ODD.includes(value),
        );
        if (values.length === 0) return;
        const matchers = [anyOf("namespace", ["a"]), anyOf("pod", values)];
        expect(await client.query(`load{${formatMatchers(matchers)}}`)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("sums by labels, and knows numbers that are none", async (context) => {
    const client = prometheus(context);
    const sums = await client.query("sum(load) by (namespace)");
    expect(sums).toContainEqual(
      expect.objectContaining({ labels: { namespace: "b" }, value: 100 }),
    );
    expect((await client.query("nothing"))[0]?.value).toBeNaN();
    expect((await client.query("endless"))[0]?.value).toBe(Number.POSITIVE_INFINITY);
  });

  test("refuses what it cannot read", async (context) => {
    await expect(prometheus(context).query("load{pod=}")).rejects.toThrow(
      /^the configured Prometheus refused the question: bad_data: .*parse error/,
    );
  });
});

describe("a Prometheus that does not do its part is told in one sentence", () => {
  let running: TestPrometheus;
  beforeAll(async () => {
    running = await startPrometheus();
  });
  afterAll(() => running.stop());

  test.each<[string, Parameters<TestPrometheus["misbehave"]>[0], RegExp]>([
    ["silent", () => undefined, /did not answer within 0.2 s$/],
    ["endless", (response) => response.end("x".repeat(5000)), /answered with more than 1000 bytes/],
    ["no Prometheus", (response) => response.end("<html>"), /not JSON: is it a Prometheus\?$/],
    [
      "elsewhere",
      (response) => response.writeHead(302, { location: "/" }).end(),
      /cannot be reached$/,
    ],
    [
      "a scalar's",
      (response) =>
        response.end('{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}'),
      /answered with a scalar, not with a vector/,
    ],
    ["broken", (response) => response.destroy(), /cannot be reached$/],
  ])("%s", async (_, misbehave, sentence) => {
    running.misbehave(misbehave);
    const limits = { timeoutMs: 200, maxAnswerBytes: 1000 };
    const client = connectPrometheus(running.url, Date.now, limits);
    await expect(client.query("up")).rejects.toThrow(sentence);
    await expect(client.query("up")).rejects.toMatchObject({ code: 503 });
  });
});
