import { cutTo } from "#cli/table";

/**
 * Lines of progress at the bottom of a terminal, redrawn in place; on a pipe there are none, and only what is
 * final is written. Owns the cursor while something is shown.
 *
 * Invariant: after `clear` the cursor stands where the area began, so that ordinary lines follow each other.
 */
export class LiveArea {
  private readonly stream: NodeJS.WriteStream;
  private readonly keeps: "start" | "end";
  private shownLines = 0;
  private drawnAtMs = 0;

  /** `keeps`: which lines are shown when there are more than the terminal has rows. */
  constructor(stream: NodeJS.WriteStream, keeps: "start" | "end" = "end") {
    this.stream = stream;
    this.keeps = keeps;
  }

  get isLive(): boolean {
    return this.stream.isTTY && process.env.TERM !== "dumb";
  }

  /** At most every 50 ms: a fast download would otherwise spend its time on drawing. */
  show(lines: readonly string[]): void {
    if (!this.isLive || performance.now() - this.drawnAtMs < REDRAW_MS) return;
    this.clear();
    const width = this.stream.columns || 80;
    const height = (this.stream.rows || 24) - 1;
    const kept = this.keeps === "start" ? lines.slice(0, height) : lines.slice(-height);
    const fitting = kept.map((line) => cutTo(width - 1, line));
    this.stream.write(fitting.map((line) => `${line}\n`).join(""));
    this.shownLines = fitting.length;
    this.drawnAtMs = performance.now();
  }

  clear(): void {
    if (this.shownLines > 0) this.stream.write(`\u001b[${this.shownLines}A\u001b[J`);
    this.shownLines = 0;
  }

  /** A line that stays. */
  print(line: string): void {
    this.clear();
    this.stream.write(`${line}\n`);
  }
}

const REDRAW_MS = 50;
