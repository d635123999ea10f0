import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Browser } from "puppeteer-core";
import {
  createPods,
  startWatchedServer,
  Traffic,
  type WatchedServer,
} from "#test/bench/dashboard-cluster";
import { type Frames, ViewerPage } from "#test/bench/dashboard-page";
import { FORMS, type ListForm, Viewers } from "#test/bench/dashboard-viewers";
import { cpuMs, descendants, memoryKib } from "#test/bench/processes";
import { row, summarize } from "#test/bench/statistics";
import { eventually, findProgram } from "#test/support/host";
import { launchBrowser } from "#test/support/launch-browser";

/**
 * What the dashboard costs its viewer and the server: first paint, bytes, frames while 10,000 pods change, heap after
 * as many changes as a busy hour has, CPU and bytes of 1 and 100 viewers. Peers: a page of the same server that shows
 * one word; the watch of whole objects that other dashboards hold. Needs chromium.
 *
 * `npm run bench -- dashboard --pods=1000 --only=frames` for less.
 */
const { values: flags } = parseArgs({
  options: {
    pods: { type: "string", default: "10000" },
    only: { type: "string", default: "leaks,paint,idle,frames,overview,viewers,hour" },
  },
  strict: false,
});
const PODS = Number(flags.pods);
const parts = new Set(String(flags.only).split(","));
/** Ten changes a second: what a cluster of some thousand pods has on a busy day. */
const HOUR_EVENTS = 36_000;
const FEW_PODS = 200;
const PAINTS = 7;
const VISITS = 50;
const CHANGES_PER_SECOND = 250;
const VIEWED_PER_SECOND = 100;
const VIEWED_CHANGES = 500;
const IDLE_MS = 10_000;
const SETTLE_MS = 6_000;
const MEGA = 1e6;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const percent = (value: number): string => `${value.toFixed(2)} %`;
const goal = (isMet: boolean, text: string): string =>
  `  [goal ${text}: ${isMet ? "met" : "MISSED"}]`;

/** What any page of this server costs: the peer. */
function openPlain(browser: Browser, server: WatchedServer): Promise<ViewerPage> {
  return ViewerPage.open(browser, { url: `${server.url}/healthz`, selector: "pre" });
}

function openDashboard(
  browser: Browser,
  { url, token }: WatchedServer,
  hash: string,
  selector: string,
): Promise<ViewerPage> {
  return ViewerPage.open(browser, { url: `${url}/dashboard/${hash}`, token, selector, rows: PODS });
}

function openPods(browser: Browser, server: WatchedServer): Promise<ViewerPage> {
  return openDashboard(browser, server, "#/pods", ".grid .row");
}

/** Share of a core that processes take while something happens, in percent. */
async function cpuShare(
  pids: () => readonly number[],
  act: () => Promise<unknown>,
): Promise<number> {
  const of = pids();
  const before = cpuMs(of);
  const startedMs = performance.now();
  await act();
  return ((cpuMs(of) - before) / (performance.now() - startedMs)) * 100;
}

/** Its own and all that it started; the page's own process is among them. */
function processesOf(browser: Browser): number[] {
  const pid = browser.process()?.pid ?? 0;
  return [pid, ...descendants(pid)];
}

async function measureLeaks(browser: Browser, server: WatchedServer): Promise<void> {
  const page = await openPods(browser, server);
  const sections = await page.sections();
  const tour = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round++) for (const hash of sections) await page.go(hash);
    await page.go("#/pods");
    // Lists that nobody looks at any more are let go after a moment.
    await pause(SETTLE_MS);
  };
  await tour(5); // what is loaded once is loaded
  const [heap, counters] = [await page.heap(), await page.counters()];
  await tour(VISITS);
  const [heapAfter, after] = [await page.heap(), await page.counters()];
  row(
    `heap before and after ${VISITS} visits of all ${sections.length} pages`,
    `${(heap / MEGA).toFixed(2)} -> ${(heapAfter / MEGA).toFixed(2)} MB, ` +
      `${counters.nodes} -> ${after.nodes} DOM nodes, ${counters.listeners} -> ${after.listeners} listeners`,
  );
  await page.close();
}

async function measurePaint(browser: Browser, server: WatchedServer): Promise<void> {
  const open = {
    "login page": () =>
      ViewerPage.open(browser, { url: `${server.url}/dashboard/`, selector: ".login" }),
    "list of pods": async () => {
      const page = await openPods(browser, server);
      await untilListed(page);
      return page;
    },
    overview: () => openDashboard(browser, server, "#/", ".cards .figure"),
  };
  const plain = await repeated(PAINTS, async () => {
    const page = await openPlain(browser, server);
    const { paintMs } = await page.paint();
    await page.close();
    return paintMs;
  });
  const floor = summarize(plain).p50;
  row(`first paint of a page of one word (peer), median of ${PAINTS}`, ms(floor));
  for (const [name, visit] of Object.entries(open)) {
    const seen = await repeated(PAINTS, async () => {
      const page = await visit();
      const paint = await page.paint();
      await page.close();
      return paint;
    });
    const { p50, max } = summarize(seen.map(({ paintMs }) => paintMs));
    const at = (what: "rows" | "all"): number =>
      summarize(seen.flatMap(({ seenMs }) => seenMs[what] ?? [])).p50;
    const rowsText = Number.isNaN(at("rows"))
      ? ""
      : `, first rows after ${ms(at("rows"))}, all ${PODS} after ${ms(at("all"))}`;
    row(
      `first paint, ${name}`,
      `${ms(p50)} (${(p50 / floor).toFixed(2)}x of the peer), max ${ms(max)}${rowsText}${goal(p50 < 400, "< 400 ms")}`,
    );
    const bytes = seen[0]?.bytes ?? Number.NaN;
    row(
      `transferred for it`,
      `${(bytes / 1000).toFixed(1)} kB${goal(bytes < 150_000, "<= 150 kB")}`,
    );
  }
}

async function repeated<T>(times: number, act: () => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let i = 0; i < times; i++) found.push(await act());
  return found;
}

function framesRow(
  name: string,
  { count, p50, p99, max, dropped, longestTaskMs }: Frames,
  isOurs: boolean,
): void {
  row(
    name,
    `${count} frames, p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)}, ${dropped} over 50 ms, longest task ${ms(longestTaskMs)} of CPU` +
      (isOurs ? goal(dropped === 0 && longestTaskMs < 50, "none over 50 ms") : ""),
  );
}

async function measureFrames(
  browser: Browser,
  server: WatchedServer,
  traffic: Traffic,
): Promise<void> {
  const change = (count: number): Promise<number> => traffic.run(count, CHANGES_PER_SECOND);
  const still = await openPlain(browser, server);
  framesRow(
    "page of one word beside the same changes (peer)",
    await still.frames(false, () => change(2_000)),
    false,
  );
  await still.close();
  const page = await openPods(browser, server);
  await untilListed(page);
  const server0 = () => [server.pid];
  let serverShare = 0;
  let frames: Frames | undefined;
  const browserShare = await cpuShare(
    () => processesOf(browser),
    async () => {
      serverShare = await cpuShare(server0, async () => {
        frames = await page.frames(false, () => change(PODS / 2));
      });
    },
  );
  if (frames) framesRow(`standing, ${PODS / 2} pods change`, frames, true);
  row(
    `CPU meanwhile (${CHANGES_PER_SECOND} changes/s)`,
    `browser ${percent(browserShare)}, server ${percent(serverShare)} of a core (with the writes)`,
  );
  framesRow(
    `scrolling, the other ${PODS / 2} change`,
    await page.frames(true, () => change(PODS / 2)),
    true,
  );
  await page.evaluate(
    `[...document.querySelectorAll(".grid .head button")].find((b) => b.textContent === "Restarts").click()`,
  );
  framesRow("sorted by restarts, scrolling", await page.frames(true, () => change(2_000)), true);
  await page.close();
}

/** Of all pages the one that reads most: every pod, whole. */
async function measureOverview(
  browser: Browser,
  server: WatchedServer,
  traffic: Traffic,
): Promise<void> {
  const startedMs = performance.now();
  const page = await openDashboard(browser, server, "#/", ".cards .figure");
  await page.until(
    `[...document.querySelectorAll(".figure")].some(({ textContent }) => textContent === "${PODS}")`,
  );
  row(`overview, until it counts ${PODS} pods`, ms(performance.now() - startedMs));
  const frames = await page.frames(false, () => traffic.run(2_000, CHANGES_PER_SECOND));
  framesRow("overview while 2000 change", frames, true);
  row("its heap", `${((await page.heap()) / MEGA).toFixed(1)} MB`);
  await page.close();
}

async function untilListed(page: ViewerPage): Promise<void> {
  await page.until("firstSeen.all !== undefined");
}

async function measureIdle(browser: Browser, server: WatchedServer): Promise<void> {
  const rest = (): Promise<void> => pause(IDLE_MS);
  const none = await cpuShare(() => [server.pid], rest);
  const plain = await openPlain(browser, server);
  await pause(SETTLE_MS);
  const bare = await cpuShare(() => processesOf(browser), rest);
  await plain.close();
  const page = await openPods(browser, server);
  await untilListed(page);
  await pause(SETTLE_MS);
  let one = 0;
  const shown = await cpuShare(
    () => processesOf(browser),
    async () => {
      one = await cpuShare(() => [server.pid], rest);
    },
  );
  row("idle: the server without viewers", `${percent(none)} of a core`);
  row("idle: the server with one", `${percent(one)} of a core`);
  row("idle: the browser with a page of one word (peer)", `${percent(bare)} of a core`);
  row(
    "idle: the browser with the list of pods",
    `${percent(shown)} of a core${goal(shown - bare < 0.5, "< 0.5 % more than the peer")}`,
  );
  await page.close();
  const rss = memoryKib(server.pid, "Rss");
  const viewers = new Viewers(server);
  await viewers.open(100);
  await pause(SETTLE_MS);
  const hundred = await cpuShare(() => [server.pid], rest);
  const each = Math.max(0, hundred - none) / 100;
  const kib = (memoryKib(server.pid, "Rss") - rss) / 100;
  row(
    "idle: the server with 100",
    `${percent(hundred)} of a core: ${each.toFixed(4)} % and ${kib.toFixed(0)} KiB a viewer${goal(each < 0.5, "< 0.5 %")}`,
  );
  await viewers.close();
}

async function measureViewers(server: WatchedServer, traffic: Traffic): Promise<void> {
  const none = await costOfViewers(server, traffic, 0, FORMS.rows);
  const perChange = (spentMs: number): number => spentMs / VIEWED_CHANGES;
  row(
    `server without viewers, ${VIEWED_PER_SECOND} changes/s`,
    `${perChange(none.cpuMs).toFixed(2)} ms of CPU a change, ${none.mebibytes.toFixed(0)} MiB`,
  );
  for (const form of [FORMS.rows, FORMS.objects]) {
    for (const count of [1, 100]) {
      const { cpuMs: spent, bytes, mebibytes } = await costOfViewers(server, traffic, count, form);
      const more = perChange(spent - none.cpuMs);
      row(
        `${count} viewers of ${form.name}`,
        `${more.toFixed(2)} ms more a change (${((more / count) * 1000).toFixed(0)} µs a viewer: ` +
          `${percent((more / count) * (VIEWED_PER_SECOND / 10))} of a core each), ` +
          `${(bytes / VIEWED_CHANGES / count).toFixed(0)} bytes a change, ${mebibytes.toFixed(0)} MiB`,
      );
    }
  }
  for (const form of Object.values(FORMS)) {
    const viewers = new Viewers(server, form);
    const before = cpuMs([server.pid]);
    const bytes = await viewers.readList();
    row(
      `opening a list of ${PODS}: ${form.name}`,
      `${(bytes / MEGA).toFixed(1)} MB, ${ms(cpuMs([server.pid]) - before)} of the server's CPU`,
    );
    await viewers.close();
  }
}

/** Until every viewer has every change: what is still on its way has cost nothing yet. */
async function costOfViewers(
  server: WatchedServer,
  traffic: Traffic,
  count: number,
  form: ListForm,
): Promise<{ cpuMs: number; bytes: number; mebibytes: number }> {
  const viewers = new Viewers(server, form);
  await viewers.open(count);
  await pause(500);
  const [events, bytes, spent] = [viewers.events, viewers.bytes, cpuMs([server.pid])];
  await traffic.run(VIEWED_CHANGES, VIEWED_PER_SECOND);
  const wanted = events + count * VIEWED_CHANGES;
  await eventually("every viewer has every change", () => viewers.events >= wanted, 60_000);
  const cost = {
    cpuMs: cpuMs([server.pid]) - spent,
    bytes: viewers.bytes - bytes,
    mebibytes: memoryKib(server.pid, "Rss") / 1024,
  };
  await viewers.close();
  return cost;
}

async function measureHour(
  browser: Browser,
  server: WatchedServer,
  traffic: Traffic,
): Promise<void> {
  const page = await openPods(browser, server);
  await untilListed(page);
  const heap = await page.heap();
  const half = await traffic.run(HOUR_EVENTS / 2);
  const heapHalf = await page.heap();
  const frames = await page.frames(false, () => traffic.run(HOUR_EVENTS / 2));
  const heapAfter = await page.heap();
  row(
    `heap before, after half, after ${HOUR_EVENTS} changes (an hour at 10/s)`,
    [heap, heapHalf, heapAfter].map((bytes) => `${(bytes / MEGA).toFixed(1)} MB`).join(" -> "),
  );
  framesRow(`as fast as the server writes (${half.toFixed(0)} changes/s)`, frames, false);
  await page.close();
}

async function main(): Promise<void> {
  if (!findProgram("chromium")) return console.warn("skipped: this host has no chromium");
  const server = await startWatchedServer();
  const browser = await launchBrowser();
  try {
    row(
      "load average of the machine",
      loadavg()
        .map((one) => one.toFixed(2))
        .join(" "),
    );
    await createPods(server.client, 0, FEW_PODS);
    if (parts.has("leaks")) await measureLeaks(browser, server);
    await createPods(server.client, FEW_PODS, PODS);
    const traffic = new Traffic(server.client, PODS);
    await traffic.run(PODS);
    if (parts.has("paint")) await measurePaint(browser, server);
    if (parts.has("idle")) await measureIdle(browser, server);
    if (parts.has("frames")) await measureFrames(browser, server, traffic);
    if (parts.has("overview")) await measureOverview(browser, server, traffic);
    if (parts.has("viewers")) await measureViewers(server, traffic);
    if (parts.has("hour")) await measureHour(browser, server, traffic);
    row(
      "load average of the machine",
      loadavg()
        .map((one) => one.toFixed(2))
        .join(" "),
    );
  } finally {
    await browser.close();
    await server.stop();
  }
}

await main();
process.exit(process.exitCode ?? 0);
