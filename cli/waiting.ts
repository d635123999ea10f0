import { LiveArea } from "#cli/live-area";
import { formatBytes } from "#cli/format";

/** One line at the bottom of a terminal that says what is waited for, and since when; nothing on a pipe. */
export class WaitingLine {
  private readonly area: LiveArea;
  private readonly startedMs = performance.now();

  constructor(area: LiveArea = new LiveArea(process.stderr)) {
    this.area = area;
  }

  show(what: string): void {
    const seconds = ((performance.now() - this.startedMs) / 1000).toFixed(1);
    this.area.show([`${what}  ${seconds} s`]);
  }

  end(): void {
    this.area.clear();
  }
}

/** The same bytes, counted on the terminal as they pass. */
export async function* countedBytes(
  chunks: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<Uint8Array> {
  const line = new WaitingLine();
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      line.show(`${what}: ${formatBytes(bytes)}`);
      yield chunk;
    }
  } finally {
    line.end();
  }
}

const TICK_MS = 100;

/** Shows the line while something works that says nothing itself. */
export async function whileWaiting<T>(what: string, work: () => Promise<T>): Promise<T> {
  const line = new WaitingLine();
  const timer = setInterval(() => line.show(what), TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    line.end();
  }
}
