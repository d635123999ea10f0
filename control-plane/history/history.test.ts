import { describe, expect, test } from "vitest";
import type { PeerAnswer } from "#control-plane/apiserver/peers";
import type { NodeStreams } from "#control-plane/apiserver/node-streams";
import { answerTo } from "#control-plane/history/answer";
import { History, IDLE_MS, LIVE_MS } from "#control-plane/history/history";
import { parseQuery } from "#control-plane/history/query";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

const nodes = [{ metadata: { name: "node-1" }, usage: { cpu: "250000000n", memory: "1000Ki" } }];
const pods = ["web-7d9f-x1", "web-7d9f-x2"].map((name) => ({
  metadata: { name, namespace: "default" },
  containers: [
    { usage: { cpu: "5m", memory: "500Ki" } },
    { usage: { cpu: "5m", memory: "500Ki" } },
  ],
}));

/** Nodes that count how often they are asked, and how. */
class CountedNodes implements NodeStreams {
  once = 0;
  live = 0;
  open(): never {
    throw new Error("nobody opens a stream");
  }
  nodeMetrics(): readonly unknown[] {
    this.live++;
    return nodes;
  }
  podMetrics(): readonly unknown[] {
    return pods;
  }
  measureOnce() {
    this.once++;
    return Promise.resolve({ nodes, pods });
  }
}

function rig() {
  const clock = new ManualClock();
  const nodeStreams = new CountedNodes();
  const ownerOf = (): string => "web-7d9f";
  const history = new History({
    clock,
    log: silentLog,
    nodeStreams,
    ownerOf,
    trafficReports: () => [],
  });
  history.start();
  const read = (query: string) =>
    answerTo(history.tables, parseQuery(new URLSearchParams(query)), clock.now());
  /** Lets it run for so long. */
  const pass = async (ms: number): Promise<void> => {
    const endMs = clock.now() + ms;
    let isOver = false;
    clock.after(ms, () => (isOver = true));
    await clock.runUntil(() => isOver);
    expect(clock.now()).toBe(endMs);
  };
  return { clock, nodeStreams, history, read, pass };
}

describe("a history that nobody looks at", () => {
  test("lets each node measure once in two minutes, and asks each ingress as often", async () => {
    const { nodeStreams, history, pass } = rig();
    let asked = 0;
    history.hear(() => asked++);
    await pass(5 * IDLE_MS);
    expect([nodeStreams.once, nodeStreams.live, asked]).toEqual([5, 0, 5]);
    await history.stop();
  });

  test("is kept all the same, for nodes, pods, versions and the cluster", async () => {
    const { history, read, pass } = rig();
    await pass(2 * IDLE_MS);
    const newest = (query: string, field: string) =>
      read(query).series.map(({ values }) => values[field]?.findLast((value) => value !== null));
    expect(newest("of=nodes", "cpu")).toEqual([0.25]);
    expect(newest("of=cluster&range=6h", "memory")).toEqual([1_024_000]);
    expect(newest("of=pods&namespace=default", "cpu")).toEqual([0.01, 0.01]);
    expect(newest("of=pods&name=web-7d9f-x1", "memory")).toEqual([1_024_000]);
    expect(newest("of=versions&namespace=default&name=web", "cpu")).toEqual([0.02]);
    expect(read("of=pods&namespace=other").series).toEqual([]);
    await history.stop();
  });
});

describe("a history that somebody looks at", () => {
  test("measures at once, and then every ten seconds while they look", async () => {
    const { nodeStreams, history, pass } = rig();
    let woken = 0;
    const leave = history.view(() => woken++);
    await pass(LIVE_MS / 2);
    expect(woken).toBeGreaterThanOrEqual(1);
    await pass(6 * LIVE_MS);
    expect(woken).toBeGreaterThanOrEqual(6);
    leave();
    const { live } = nodeStreams;
    await pass(4 * IDLE_MS);
    expect(nodeStreams.live).toBeLessThanOrEqual(live + 2);
    await history.stop();
  });

  test("has no gap between two measurements", async () => {
    const { history, read, pass } = rig();
    history.view(() => undefined);
    await pass(12 * LIVE_MS);
    const [series] = read("of=nodes&range=1m").series;
    // The newest may still be under way.
    expect(series?.values.cpu?.slice(0, -1)).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
    await history.stop();
  });
});

describe("the histories of two servers", () => {
  /** They ask each other as they would over the wire. */
  function pair() {
    const clock = new ManualClock();
    const servers: History[] = [];
    for (const server of ["a", "b"]) {
      const peers = {
        isAlone: () => false,
        ask(question: string): Promise<readonly PeerAnswer[]> {
          const { searchParams } = new URL(question, "server:/");
          const other: History | undefined = servers.find((one) => one !== made);
          return Promise.resolve([{ server: "other", said: other?.tellPeer(searchParams) }]);
        },
      };
      const common = { clock, log: silentLog, nodeStreams: new CountedNodes(), peers, server };
      const made: History = new History({ ...common, ownerOf: () => "", trafficReports: () => [] });
      servers.push(made);
    }
    const [a, b] = servers as [History, History];
    const pass = async (ms: number): Promise<void> => {
      const untilMs = clock.now() + ms;
      clock.after(ms, () => undefined);
      await clock.runUntil(() => clock.now() >= untilMs);
    };
    const read = (by: History, query: string) =>
      by.whole(parseQuery(new URLSearchParams(query)), clock.now());
    const stop = () => Promise.all([a.stop(), b.stop()]);
    return { a, b, pass, read, stop };
  }

  test("are one to who looks: what was seen at one server is shown by the other", async () => {
    const { a, b, pass, read, stop } = pair();
    a.start();
    b.start();
    const leave = a.view(() => undefined);
    await pass(12 * LIVE_MS);
    leave();
    const [series] = (await read(b, "of=nodes&range=1m")).series;
    expect(series?.values.cpu?.slice(0, -1)).toEqual([0.25, 0.25, 0.25, 0.25, 0.25]);
    await stop();
  });

  test("reach back to before a server's start, and say what each server does itself", async () => {
    const { a, b, pass, read, stop } = pair();
    a.start();
    await pass(3 * IDLE_MS);
    b.start();
    const [node] = (await read(b, "of=nodes&range=6h")).series;
    expect(node?.values.cpu?.filter((value) => value !== null).length).toBeGreaterThanOrEqual(2);
    a.observe(200, 3);
    const servers = (await read(b, "of=server&range=1m")).series;
    expect(servers.map(({ labels }) => labels)).toEqual([{ server: "a" }]);
    expect(servers[0]?.values.requests?.some((value) => (value ?? 0) > 0)).toBe(true);
    await stop();
  });
});
