import { type Browser, launch } from "puppeteer-core";
import { findProgram } from "#test/support/host";

const FLAGS = [
  "--no-sandbox", // it runs as root here
  "--ignore-certificate-errors", // the cluster's own CA
  "--disable-gpu",
  "--disable-dev-shm-usage",
];

const START_MS = 90_000;

/** Debian's chromium without a window. */
export function launchBrowser(): Promise<Browser> {
  return launch({
    executablePath: findProgram("chromium") ?? "chromium",
    args: FLAGS,
    headless: true,
    timeout: START_MS,
  });
}
