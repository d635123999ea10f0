import type { Browser, CDPSession, Page } from "puppeteer-core";
import { summarize } from "#test/bench/statistics";

/**
 * One viewer in a real browser, and what the browser itself says of the page: paints, frames, long tasks, heap. Each
 * viewer has a session of its own: nothing is in the cache.
 */
const WAIT_MS = 30_000;
const OPEN_WAIT_MS = 10_000;
const ATTEMPTS = 4;
/** A frame that takes longer is seen as a stutter. */
export const DROPPED_MS = 50;

/** Runs before the page's own scripts: the moments at which a list has its first row and all of them. */
const watchForRows = (all: number): string => `
  globalThis.firstSeen = {};
  new MutationObserver(() => {
    const note = (what) => (firstSeen[what] ??= performance.now());
    if (document.querySelector(".grid .row")) note("rows");
    const said = Number(document.querySelector(".grid")?.getAttribute("aria-rowcount"));
    if (said >= ${all}) note("all");
  }).observe(document, { childList: true, subtree: true, attributes: true });`;

/** Time from one frame to the next. */
const recordFrames = `
  globalThis.recording?.stop();
  globalThis.recording = (() => {
    const frames = [];
    let last = performance.now(), isOn = true, down = true;
    const step = () => {
      if (!isOn) return;
      const now = performance.now();
      frames.push(now - last);
      last = now;
      const grid = document.querySelector(".grid");
      if (globalThis.scrolls && grid) {
        const end = grid.scrollHeight - grid.clientHeight;
        grid.scrollTop += down ? 60 : -60;
        if (grid.scrollTop >= end - 1) down = false;
        if (grid.scrollTop <= 0) down = true;
      }
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    return { frames, stop() { isOn = false; } };
  })();`;

export interface Visit {
  readonly url: string;
  /** undefined: somebody who has not logged in. */
  readonly token?: string;
  /** What is there when the page is. */
  readonly selector: string;
  /** How many rows its list has. */
  readonly rows?: number;
}

export interface Paint {
  /** First contentful paint. */
  readonly paintMs: number;
  /** When the first row of a list was there, and when all were. */
  readonly seenMs: { readonly rows?: number; readonly all?: number };
  /** Of the page's files, as transferred. */
  readonly bytes: number;
}

export interface Frames {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly dropped: number;
  /** The longest task of the page's thread, in its own processor time: what a busy machine adds is not in it. */
  readonly longestTaskMs: number;
}

export class ViewerPage {
  private readonly page: Page;
  private readonly devtools: CDPSession;

  private constructor(page: Page, devtools: CDPSession) {
    this.page = page;
    this.devtools = devtools;
  }

  /**
   * A browser gives up a load, or a part of it, while an interface of the host comes or goes, as tests beside this one
   * make them do: then it is another viewer who comes.
   */
  static async open(browser: Browser, visit: Visit): Promise<ViewerPage> {
    for (let attempt = 1; ; attempt++) {
      const context = await browser.createBrowserContext();
      try {
        return await ViewerPage.come(await context.newPage(), visit);
      } catch (error) {
        await context.close();
        if (attempt === ATTEMPTS) throw error;
      }
    }
  }

  private static async come(
    page: Page,
    { url, token, selector, rows = Number.MAX_SAFE_INTEGER }: Visit,
  ): Promise<ViewerPage> {
    await page.evaluateOnNewDocument(watchForRows(rows));
    if (token) {
      const remember = `sessionStorage.setItem("kaji-token", ${JSON.stringify(token)})`;
      await page.evaluateOnNewDocument(remember);
    }
    await page.goto(url);
    const viewer = new ViewerPage(page, await page.createCDPSession());
    await viewer.shows(selector, OPEN_WAIT_MS);
    return viewer;
  }

  async close(): Promise<void> {
    await this.page.browserContext().close();
  }

  async paint(): Promise<Paint> {
    const said = await this.page.evaluate(`new Promise((resolve) => {
      new PerformanceObserver((list) => {
        const paint = list.getEntries().find(({ name }) => name === "first-contentful-paint");
        if (!paint) return;
        const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        const bytes = files.filter(({ name }) => name.includes("/dashboard/"))
          .reduce((sum, { transferSize }) => sum + transferSize, 0);
        resolve({ paintMs: paint.startTime, seenMs: firstSeen, bytes });
      }).observe({ type: "paint", buffered: true });
    })`);
    return said as Paint;
  }

  /** What the expression becomes true for. */
  async until(expression: string, timeout = WAIT_MS): Promise<void> {
    await this.page.waitForFunction(expression, { timeout }).catch((cause: unknown) => {
      throw new Error(`within ${timeout} ms this did not come true: ${expression}`, { cause });
    });
  }

  async evaluate(expression: string): Promise<unknown> {
    return this.page.evaluate(expression);
  }

  /** The addresses of all pages, as the navigation has them. */
  async sections(): Promise<string[]> {
    const hashes = `[...document.querySelectorAll("nav a")].map(({ hash }) => hash)`;
    return (await this.page.evaluate(hashes)) as string[];
  }

  /** Until the page of this section stands there. */
  async go(hash: string): Promise<void> {
    const selector = `nav a[href="${hash}"][aria-current=page]`;
    await this.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await this.shows(selector);
    await this.shows("main h1");
  }

  /** Not by a handle of the element: the browser would keep it for the one who holds the handle. */
  private shows(selector: string, timeout = WAIT_MS): Promise<void> {
    return this.until(`document.querySelector(${JSON.stringify(selector)}) !== null`, timeout);
  }

  /** Frames while something happens, with the list scrolled all the time or not. */
  async frames(isScrolling: boolean, act: () => Promise<unknown>): Promise<Frames> {
    await this.page.evaluate(`globalThis.scrolls = ${isScrolling}; ${recordFrames}`);
    await this.page.tracing.start({ categories: ["toplevel"] });
    await act();
    const trace = await this.page.tracing.stop();
    const frames = (await this.page.evaluate("(recording.stop(), recording.frames)")) as number[];
    const dropped = frames.filter((ms) => ms > DROPPED_MS).length;
    const longestTaskMs = longestTask(trace);
    return { count: frames.length, ...summarize(frames), dropped, longestTaskMs };
  }

  /** In bytes, after a garbage collection. */
  async heap(): Promise<number> {
    for (let i = 0; i < 3; i++) await this.devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await this.devtools.send("Runtime.getHeapUsage");
    return usedSize;
  }

  /** Elements and listeners: what a page forgets to give back shows here. */
  async counters(): Promise<{ readonly nodes: number; readonly listeners: number }> {
    const { nodes, jsEventListeners } = await this.devtools.send("Memory.getDOMCounters");
    return { nodes, listeners: jsEventListeners };
  }
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time, in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Source: Chromium's "Trace Event Format". */
function longestTask(trace: Uint8Array | undefined): number {
  const { traceEvents } = JSON.parse(Buffer.from(trace ?? []).toString()) as {
    traceEvents: TraceEvent[];
  };
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}/${tid}`;
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(threadOf),
  );
  return traceEvents
    .filter((event) => pages.has(threadOf(event)))
    .reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1000), 0);
}
