import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { NginxAdmin } from "#ingress/nginx/admin";
import { changesBetween, encodeChanges, type Entries, noEntries } from "#ingress/plan/entries";
import type { Log } from "#kit/log";
import { createTurns } from "#kit/turns";

export type PublishingAdmin = Pick<NginxAdmin, "apply" | "keep" | "generation" | "setGeneration">;

/**
 * Brings nginx's shared dictionaries to a plan, and a file beside them, from which nginx itself starts when
 * everything else is down.
 *
 * Invariants:
 * - `publish` resolves when every worker uses the new entries; only then may an old endpoint start to drain.
 * - The file is written after the dictionaries and atomically: it is never newer than what nginx does.
 * - An nginx that is started anew starts from what was published last, and nothing is published meanwhile: what its
 *   predecessor alone heard of would be acknowledged, and not be so.
 */
export class Publisher {
  private readonly admin: PublishingAdmin;
  private readonly stateFile: string;
  private published: Entries = noEntries;
  private generation = "";
  private fileWrite: Promise<void> = Promise.resolve();
  private isFileStale = false;
  /** Of the controller, which publishes one plan at a time, and of whoever starts nginx. */
  private readonly turns = createTurns(1);

  private readonly log: Log;

  private readonly onPublished: (seconds: number, hasFailed: boolean) => void;

  constructor(
    admin: PublishingAdmin,
    stateFile: string,
    log: Log,
    onPublished: (seconds: number, hasFailed: boolean) => void = () => undefined,
  ) {
    this.onPublished = onPublished;
    this.admin = admin;
    this.stateFile = stateFile;
    this.log = log;
  }

  publish(entries: Entries): Promise<void> {
    return this.turns.run(() => this.publishTimed(entries));
  }

  whileStarting<T>(start: () => Promise<T>): Promise<T> {
    return this.turns.run(async () => {
      await this.flush();
      return start();
    });
  }

  private async publishTimed(entries: Entries): Promise<void> {
    const startMs = performance.now();
    let hasFailed = true;
    try {
      await this.publishChanges(entries);
      hasFailed = false;
    } finally {
      this.onPublished((performance.now() - startMs) / 1000, hasFailed);
    }
  }

  private async publishChanges(entries: Entries): Promise<void> {
    if (this.generation === "" || (await this.admin.generation()) !== this.generation) {
      await this.publishAll(entries);
    } else {
      await this.admin.apply(changesBetween(this.published, entries));
    }
    this.published = entries;
    this.planFileWrite();
  }

  /** nginx or this process is new: whatever the dictionaries hold, they hold these entries afterwards. */
  private async publishAll(entries: Entries): Promise<void> {
    await this.admin.apply(changesBetween(noEntries, entries));
    for (const dictionary of ["routes", "backends", "certificates"] as const) {
      await this.admin.keep(dictionary, entries[dictionary].keys());
    }
    const generation = randomUUID();
    await this.admin.setGeneration(generation);
    this.generation = generation;
  }

  /** Resolves when the file holds what was last published. */
  async flush(): Promise<void> {
    await this.fileWrite;
  }

  /** However many changes come while a write is under way, one more write follows it. */
  private planFileWrite(): void {
    if (this.isFileStale) return;
    this.isFileStale = true;
    this.fileWrite = this.fileWrite
      .then(async () => {
        this.isFileStale = false;
        await this.writeFile(encodeChanges(changesBetween(noEntries, this.published)));
      })
      .catch((error: unknown) => {
        // Traffic flows on: only a restart of nginx without this process would start from an older file.
        this.log.error("cannot save what nginx serves", { file: this.stateFile, error });
      });
  }

  private async writeFile(content: Buffer): Promise<void> {
    mkdirSync(dirname(this.stateFile), { recursive: true, mode: 0o700 });
    if (existsSync(this.stateFile) && readFileSync(this.stateFile).equals(content)) return;
    const file = await open(`${this.stateFile}.new`, "w", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.stateFile}.new`, this.stateFile);
  }
}
