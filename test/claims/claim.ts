import { appendFileSync } from "node:fs";
import { test } from "vitest";

/**
 * A claim is a numbered sentence and its executable proof. Figures found on the way are written down, not asserted:
 * to the console, and as JSON lines to the file that KAJI_CLAIMS_REPORT names (scripts/claims.ts reads it).
 */
export interface Report {
  figure(name: string, value: string): void;
}

export interface ClaimLine {
  readonly claim: number;
  readonly sentence: string;
  readonly proof: string;
  readonly result: "proved" | "refuted" | "skipped";
  readonly figures: readonly string[];
}

/** Why the host cannot show it; undefined: it can. */
export type Need = () => string | undefined;

export const REPORT_VARIABLE = "KAJI_CLAIMS_REPORT";

export function claim(
  number: number,
  sentence: string,
  prove: (report: Report) => Promise<void>,
  ...needs: readonly Need[]
): void {
  // oxlint-disable-next-line vitest/valid-title -- the sentence is the title
  test(sentence, async (context) => {
    const figures: string[] = [];
    const proof = `test/claims/${context.task.file.name.split("/").at(-1)}`;
    const say = (result: ClaimLine["result"]): void =>
      write({ claim: number, sentence, proof, result, figures });
    const reason = needs.map((need) => need()).find((found) => found !== undefined);
    if (reason !== undefined) {
      console.warn(`claim ${number} is skipped: ${reason}`);
      figures.push(reason);
      say("skipped");
      return context.skip(reason);
    }
    try {
      await prove({ figure: (name, value) => figures.push(`${name}: ${value}`) });
    } catch (error) {
      say("refuted");
      throw error;
    }
    say("proved");
  });
}

function write(line: ClaimLine): void {
  console.log(`claim ${line.claim} ${line.result}: ${line.figures.join("; ")}`);
  const file = process.env[REPORT_VARIABLE];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
export const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
