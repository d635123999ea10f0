import { formatBytes, shortId } from "#cli/format";
import { LiveArea } from "#cli/live-area";
import type { BuildProgress, PullProgress, PushProgress } from "#cli/rooms";

/** What the image commands show on stderr while they work: redrawn on a terminal, plain lines on a pipe. */

/** Layers of a pull, a line each. */
export class PullDisplay {
  private readonly area: LiveArea;
  private readonly layers = new Map<string, PullProgress>();

  constructor(area: LiveArea = new LiveArea(process.stderr)) {
    this.area = area;
  }

  report(progress: PullProgress): void {
    const before = this.layers.get(progress.digest)?.phase;
    this.layers.set(progress.digest, progress);
    if (this.area.isLive) this.area.show([...this.layers.values()].map(describePull));
    else if (progress.phase === "done" && before !== "done")
      this.area.print(describePull(progress));
  }

  end(): void {
    this.area.clear();
    this.layers.clear();
  }
}

function describePull({ digest, phase, currentBytes, totalBytes }: PullProgress): string {
  const id = shortId(digest);
  if (phase === "done") return `${id}  done  ${formatBytes(totalBytes)}`;
  if (phase !== "downloading") return `${id}  ${phase}`;
  const share = totalBytes > 0 ? Math.min(1, currentBytes / totalBytes) : 0;
  const bar = "=".repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH);
  return `${id}  [${bar}]  ${formatBytes(currentBytes)} of ${formatBytes(totalBytes)}`;
}

const BAR_WIDTH = 24;

/** Blobs of a push, a line each. */
export class PushDisplay {
  private readonly area = new LiveArea(process.stderr);
  private readonly blobs = new Map<string, PushProgress>();

  report(progress: PushProgress): void {
    this.blobs.set(progress.digest, progress);
    if (this.area.isLive) this.area.show([...this.blobs.values()].map(describePush));
    else if (progress.phase !== "uploading") this.area.print(describePush(progress));
  }

  end(): void {
    this.area.clear();
  }
}

function describePush({ digest, phase, totalBytes }: PushProgress): string {
  const words = {
    exists: "already there",
    mounted: "mounted",
    uploading: "uploading",
    done: "done",
  };
  return `${shortId(digest)}  ${words[phase]}  ${formatBytes(totalBytes)}`;
}

/** Steps of a build: `[2/5] COPY app /app  CACHED`, what commands print below their step. */
export class BuildDisplay {
  private readonly area = new LiveArea(process.stderr);
  private readonly pulls = new PullDisplay(this.area);
  private startedMs = 0;
  /** The step whose heading is printed because its command has said something. */
  private headed: string | undefined;
  private unfinishedLine = "";

  report(progress: BuildProgress): void {
    if (progress.type === "pull") return this.pulls.report(progress.progress);
    if (progress.type === "output") return this.output(progress.label, progress.text);
    const heading = `${progress.label} ${oneLine(progress.text)}`;
    if (progress.state === "started") {
      this.startedMs = performance.now();
      this.headed = undefined;
      this.running = heading;
      return this.area.show([heading]);
    }
    this.endOutput();
    this.pulls.end();
    const seconds = ((performance.now() - this.startedMs) / 1000).toFixed(1);
    if (progress.state === "cached") this.area.print(`${heading}  CACHED`);
    else if (this.headed === undefined) this.area.print(`${heading}  ${seconds} s`);
    else this.area.print(`${progress.label} done in ${seconds} s`);
  }

  end(): void {
    this.endOutput();
    this.pulls.end();
    this.area.clear();
  }

  private running = "";

  private output(label: string, text: string): void {
    if (this.headed !== label) this.area.print(this.running);
    this.headed = label;
    const lines = (this.unfinishedLine + text).split("\n");
    this.unfinishedLine = lines.pop() ?? "";
    for (const line of lines) this.area.print(`    ${line}`);
  }

  private endOutput(): void {
    if (this.unfinishedLine) this.area.print(`    ${this.unfinishedLine}`);
    this.unfinishedLine = "";
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\\?\n\s*/g, " ").trim();
}
