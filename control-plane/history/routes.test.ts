import { describe, expect, test } from "vitest";
import type { HistoryAnswer } from "#api/history/answer";
import { TRAFFIC_PATH } from "#api/history/traffic-counts";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import { createAuthorizer } from "#control-plane/apiserver/auth/authorize";
import { History, LIVE_MS } from "#control-plane/history/history";
import { createHistoryRoutes, MAX_INGRESSES, MAX_VIEWERS } from "#control-plane/history/routes";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

const admin: UserInfo = { name: "captain", groups: ["system:masters", "system:authenticated"] };
const ingress: UserInfo = { name: "system:kaji:ingress", groups: ["system:authenticated"] };
const node = { metadata: { name: "node-1" }, usage: { cpu: "1", memory: "1Mi" } };

function rig() {
  const clock = new ManualClock();
  const nodeStreams = {
    open: () => Promise.reject(new Error("nobody opens a stream")),
    nodeMetrics: () => [node],
    podMetrics: () => [],
  };
  const history = new History({
    clock,
    log: silentLog,
    nodeStreams,
    ownerOf: () => "",
    trafficReports: () => [],
  });
  history.start();
  const routes = createHistoryRoutes(history, createAuthorizer(), clock);
  const ask = async (
    request: Partial<ApiRequest> & Pick<ApiRequest, "path">,
    user: UserInfo = admin,
  ): Promise<ApiResponse> => {
    const answer = routes.serve({ method: "GET", query: new URLSearchParams(), ...request }, user);
    if (!answer) throw new Error("the path is another's");
    return answer;
  };
  return { clock, history, ask };
}

const path = "/kaji/v1/history";
const query = (text: string): URLSearchParams => new URLSearchParams(text);

async function linesOf(response: ApiResponse): Promise<AsyncIterator<Uint8Array>> {
  if (response.type !== "stream") throw new Error("not a stream");
  return response.chunks[Symbol.asyncIterator]();
}

async function next(clock: ManualClock, lines: AsyncIterator<Uint8Array>): Promise<HistoryAnswer> {
  let line: Uint8Array | undefined;
  void lines.next().then(({ value }: IteratorResult<Uint8Array>) => (line = value));
  await clock.runUntil(() => line !== undefined);
  return JSON.parse(Buffer.from(line ?? []).toString()) as HistoryAnswer;
}

describe("a watch of the history", () => {
  test("begins with the range, and goes on with what is new", async () => {
    const { clock, history, ask } = rig();
    const lines = await linesOf(await ask({ path, query: query("of=nodes&range=1m&watch=true") }));
    expect(await next(clock, lines)).toMatchObject({ slots: 6, series: [] });
    const first = await next(clock, lines);
    expect(first.series[0]?.values.cpu?.at(-1)).toBe(1);
    const second = await next(clock, lines);
    expect(second.slots).toBeLessThanOrEqual(2);
    expect(second.start).toBeGreaterThanOrEqual(first.start);
    await lines.return?.();
    expect(history.viewerCount).toBe(0);
    await history.stop();
  });

  test("tells a reader who was slow all that happened meanwhile, in one line", async () => {
    const { clock, history, ask } = rig();
    const lines = await linesOf(await ask({ path, query: query("of=nodes&range=5m&watch=true") }));
    await next(clock, lines);
    await next(clock, lines);
    const untilMs = clock.now() + 10 * LIVE_MS;
    await clock.runUntil(() => clock.now() >= untilMs);
    const late = await next(clock, lines);
    expect(late.slots).toBeGreaterThanOrEqual(10);
    expect(late.series[0]?.values.cpu?.filter((value) => value !== null).length).toBeGreaterThan(8);
    await lines.return?.();
    await history.stop();
  });

  test("ends when its reader goes", async () => {
    const { clock, history, ask } = rig();
    const gone = new AbortController();
    const watch = { path, query: query("of=nodes&watch=true"), signal: gone.signal };
    const lines = await linesOf(await ask(watch));
    await next(clock, lines);
    const ending = lines.next();
    gone.abort();
    expect(await ending).toMatchObject({ done: true });
    expect(history.viewerCount).toBe(0);
    await history.stop();
  });

  test("is refused when there are too many", async () => {
    const { history, ask } = rig();
    for (let i = 0; i < MAX_VIEWERS; i++) history.view(() => undefined);
    const refused = ask({ path, query: query("of=nodes&watch=true") });
    await expect(refused).rejects.toMatchObject({ code: 429 });
    await history.stop();
  });
});

describe("what ingresses tell", () => {
  const told = (body: unknown): Partial<ApiRequest> & Pick<ApiRequest, "path"> => ({
    ...{ method: "POST", path: TRAFFIC_PATH, body: Buffer.from(JSON.stringify(body)) },
  });

  test("is taken from an ingress alone", async () => {
    const { history, ask } = rig();
    const counts = { teller: "a", windowMs: 10_000, routes: [], pods: [] };
    expect(await ask(told(counts), ingress)).toMatchObject({ status: 200 });
    const stranger = { name: "mallory", groups: ["system:authenticated"] };
    await expect(ask(told(counts), stranger)).rejects.toMatchObject({ code: 403 });
    const node1 = { name: "system:node:node-1", groups: ["system:nodes"] };
    await expect(ask(told(counts), node1)).rejects.toMatchObject({ code: 403 });
    await history.stop();
  });

  test.each([
    [
      { teller: "a", windowMs: -1, routes: [], pods: [] },
      "windowMs is a number that is not negative",
    ],
    [{ teller: "a", windowMs: 1, routes: "all", pods: [] }, "routes is a list of at most 2000"],
    [{ teller: "a", windowMs: 1, routes: [{ host: 7 }], pods: [] }, "host is a text"],
    [{ teller: "a", windowMs: 1, routes: [], pods: [null] }, "what was counted is an object"],
    ["nonsense", "what was counted is an object"],
  ])("is refused in a sentence when it is not in form: %j", async (body, sentence) => {
    const { history, ask } = rig();
    await expect(ask(told(body), ingress)).rejects.toThrow(sentence);
    await history.stop();
  });

  test("is asked for by a line, and of so many ingresses at most", async () => {
    const { clock, history, ask } = rig();
    const watch = { path: TRAFFIC_PATH, query: query("watch=true") };
    const lines = await linesOf(await ask(watch, ingress));
    expect(await next(clock, lines)).toEqual({ wanted: "counts" });
    expect(await next(clock, lines)).toEqual({ wanted: "counts" });
    await lines.return?.();
    for (let i = 0; i < MAX_INGRESSES; i++) history.hear(() => undefined);
    await expect(ask(watch, ingress)).rejects.toMatchObject({ code: 429 });
    await history.stop();
  });
});
