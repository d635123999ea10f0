import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Entries, noEntries } from "#ingress/plan/entries";
import { Publisher, type PublishingAdmin } from "#ingress/publisher";
import { silentLog } from "#kit/log";

/** An nginx that only counts how often it was told something. */
class CountingAdmin implements PublishingAdmin {
  applied = 0;
  private current = "";

  async apply(): Promise<void> {
    this.applied++;
  }

  async keep(): Promise<void> {}

  async generation(): Promise<string> {
    return this.current;
  }

  async setGeneration(generation: string): Promise<void> {
    this.current = generation;
  }
}

const entriesOf = (endpoints: string): Entries => ({
  ...noEntries,
  backends: new Map([["default/web:80", endpoints]]),
});

test("nginx is started anew from what was published last, and told nothing until it runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kaji-publisher-"));
  const stateFile = join(folder, "state");
  const admin = new CountingAdmin();
  const publisher = new Publisher(admin, stateFile, silentLog);
  try {
    await publisher.publish(entriesOf("old"));
    await publisher.publish(entriesOf("new"));
    let startedFrom = "";
    let tellOfStart: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      tellOfStart = resolve;
    });
    const starting = publisher.whileStarting(async () => {
      startedFrom = readFileSync(stateFile, "utf8");
      await started;
      return admin.applied;
    });
    const publishing = publisher.publish(entriesOf("newest"));
    tellOfStart();
    const toldBefore = await starting;
    expect(startedFrom).toContain("new");
    expect(toldBefore).toBe(2);
    await publishing;
    expect(admin.applied).toBe(3);
    await publisher.flush();
    expect(readFileSync(stateFile, "utf8")).toContain("newest");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
