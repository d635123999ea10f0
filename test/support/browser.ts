import type { Browser, Page } from "puppeteer-core";
import { afterAll } from "vitest";
import { eventually } from "#test/support/host";
import { launchBrowser } from "#test/support/launch-browser";

/** Debian's chromium, driven as a person would: by what stands on the page. */
export const BROWSER_NEEDS = { root: true, programs: ["chromium"] };

const WAIT_MS = 60_000;
const LOAD_MS = 15_000;

/** One browser for the tests of a file; started when it is first asked for. */
export function testBrowser(): { newPage(): Promise<BrowserPage> } {
  let browser: Browser | undefined;
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async newPage() {
      browser ??= await launchBrowser();
      // Sessions of their own: what one viewer has stored is not there for the next.
      const context = await browser.createBrowserContext();
      return new BrowserPage(await context.newPage());
    },
  };
}

export class BrowserPage {
  readonly page: Page;
  /** What scripts threw and what the content security policy refused. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  /** The first load may fall into a moment in which the host's interfaces change, which the browser takes for a loss. */
  async open(url: string, selector: string): Promise<void> {
    await eventually(
      `the page ${url} shows ${selector}`,
      async () => {
        await this.page.goto(url, { timeout: LOAD_MS }).catch(() => undefined);
        return this.page.waitForSelector(selector, { timeout: LOAD_MS }).catch(() => undefined);
      },
      WAIT_MS,
    );
  }

  async logIn(url: string, token: string): Promise<void> {
    await this.open(`${url}/dashboard/`, "textarea[name=token]");
    await this.page.type("textarea[name=token]", token);
    await this.click("Log in");
    await this.page.waitForSelector("nav", { timeout: WAIT_MS });
  }

  async go(hash: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  }

  /** Puts a text in the place of another in a field that the selector finds, as typing would. */
  async edit(selector: string, before: string, after: string): Promise<void> {
    const field = `document.querySelector(${JSON.stringify(selector)})`;
    const [from, to] = [before, after].map((text) => JSON.stringify(text));
    await this.page.waitForFunction(`${field}?.value.includes(${from})`, { timeout: WAIT_MS });
    await this.page.evaluate(
      `{ const field = ${field};
         field.value = field.value.replace(${from}, ${to});
         field.dispatchEvent(new Event("input", { bubbles: true })); }`,
    );
  }

  /** A button or link by its words. */
  async click(words: string): Promise<void> {
    await this.page
      .locator(`::-p-xpath(//*[self::button or self::a][normalize-space()="${words}"])`)
      .click();
  }

  /** Waits until the text can be read on the page. */
  async sees(text: string, timeoutMs = WAIT_MS): Promise<void> {
    try {
      const isThere = async (): Promise<boolean> => (await this.text()).includes(text);
      await eventually(`the page says "${text}"`, isThere, timeoutMs);
    } catch (cause) {
      throw new Error(`the page does not say "${text}" but: ${await this.text()}`, { cause });
    }
  }

  text(): Promise<string> {
    return this.page.evaluate("document.body.innerText") as Promise<string>;
  }
}
