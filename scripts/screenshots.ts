import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, Page } from "puppeteer-core";
import { launchBrowser } from "#test/support/launch-browser";

/**
 * Shoots pages of the dashboard of a cluster that runs, light and dark, wide and as a phone, into a folder, for people
 * to look at. A page is an address without "#/", such as "pods/default/web-1?tab=Logs"; "" is the overview, "login" the
 * log-in:
 *
 *   tsx --conditions=source scripts/screenshots.ts --url https://127.0.0.1:6443 --token FILE --out FOLDER PAGE...
 */
const SIZES = {
  wide: { width: 1360, height: 860, deviceScaleFactor: 1 },
  phone: { width: 390, height: 844, deviceScaleFactor: 1, isMobile: true, hasTouch: true },
} as const;
const SCHEMES = ["light", "dark"] as const;
const DEFAULT_PAGES = [
  ...["", "login", "apps", "pods", "deployments", "events", "nodes", "ingresses", "tenants"],
  ...["kinds", "apply"],
];
/** Lists come by themselves, and charts after them; nothing says that a page is done. */
const SETTLE_MS = 1_800;
const ATTEMPTS = 10;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string", default: "https://127.0.0.1:6443" },
    token: { type: "string" },
    out: { type: "string", default: "screenshots" },
    size: { type: "string" },
    scheme: { type: "string" },
    /** To the end of each page, not only what is in sight at first. */
    full: { type: "boolean", default: false },
    /** For a machine that is busy. */
    settle: { type: "string", default: String(SETTLE_MS) },
  },
});

async function main(): Promise<void> {
  if (!values.token)
    throw new Error("--token names a file with a token: kubectl create token NAME");
  const token = readFileSync(values.token, "utf8").trim();
  mkdirSync(values.out, { recursive: true });
  const pages = positionals.length > 0 ? positionals : DEFAULT_PAGES;
  const browser = await launchBrowser();
  try {
    for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
      for (const scheme of SCHEMES) {
        if ((values.size ?? size) !== size || (values.scheme ?? scheme) !== scheme) continue;
        await shoot(browser, { pages, token, size, scheme });
      }
    }
  } finally {
    await browser.close();
  }
}

interface Session {
  readonly pages: readonly string[];
  readonly token: string;
  readonly size: keyof typeof SIZES;
  readonly scheme: (typeof SCHEMES)[number];
}

async function shoot(browser: Browser, { pages, token, size, scheme }: Session): Promise<void> {
  const page = await (await browser.createBrowserContext()).newPage();
  await page.setViewport(SIZES[size]);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await open(page);
  const save = (name: string): Promise<void> => saveShot(page, `${name}-${size}-${scheme}`);
  if (pages.includes("login")) await save("login");
  await page.type("textarea[name=token]", token);
  await page.click("button[type=submit]");
  await page.waitForSelector("nav");
  for (const one of pages) {
    if (one === "login") continue;
    await page.evaluate(`location.hash = ${JSON.stringify(`#/${one}`)}`);
    await save(one || "overview");
  }
  await page.browserContext().close();
}

/** The host's interfaces come and go with pods, which the browser takes for a loss of what it was loading. */
async function open(page: Page): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await page.goto(`${values.url}/dashboard/`);
      await page.waitForSelector("textarea[name=token]", { timeout: 4_000 });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function saveShot(page: Page, name: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Number(values.settle)));
  const file = `${name.replaceAll(/[^\w.-]+/g, "_").slice(0, 120)}.png` as const;
  const path = join(values.out, file) as `${string}.png`;
  await page.screenshot({ path, fullPage: values.full });
  console.log(file);
}

await main();
