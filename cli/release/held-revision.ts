import { secretKind } from "#api/kinds/secret";
import { CommandError } from "#cli/define-command";
import { isRefusedAs } from "#cli/release/history";
import type { ObjectReference } from "#cli/release/release-object";
import { encodeRevision, type Revision, secretName } from "#cli/release/revision";
import type { Client } from "#client/client";

/** A deploy says that it is alive this often, by writing its Secret. */
const HEARTBEAT_MS = 3_000;

/**
 * The pending revision of this process. Invariant: every write of its Secret is over the one before, so a deploy that
 * slept while somebody took the release over finds out, and writes nothing more.
 */
export class HeldRevision {
  readonly revision: Revision;
  private readonly client: Client;
  private resourceVersion: string | undefined;
  private beat: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private count = 0;
  private isLost = false;

  constructor(client: Client, revision: Revision) {
    this.client = client;
    this.revision = revision;
    this.resourceVersion = revision.resourceVersion;
    this.timer = setInterval(() => {
      this.beat = this.beat.then(() => this.writeHeartbeat());
    }, HEARTBEAT_MS);
    this.timer.unref();
  }

  /** Before every write of the deploy. */
  assertHeld(): void {
    if (!this.isLost) return;
    const { release, number } = this.revision;
    throw new CommandError(
      `somebody else has taken release ${release} over while revision ${number} was not heard of: \`kaji deploy status ${release}\` shows how it stands`,
    );
  }

  async end(
    status: "deployed" | "failed",
    { reason = "", leftovers }: { reason?: string; leftovers: readonly ObjectReference[] },
  ): Promise<void> {
    clearInterval(this.timer);
    await this.beat;
    this.assertHeld();
    const content = { ...this.revision.content, leftovers };
    const { resourceVersion: _, ...rest } = this.revision;
    const secret = encodeRevision({ ...rest, status, reason, content });
    const { resourceVersion } = this;
    const metadata = { ...secret.metadata, ...(resourceVersion ? { resourceVersion } : {}) };
    await this.client.update(secretKind, { ...secret, metadata }).catch((error: unknown) => {
      if (!isRefusedAs(error, "Conflict")) throw error;
      this.isLost = true;
      this.assertHeld();
    });
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** One that does not get through is of no concern: the next may. */
  private async writeHeartbeat(): Promise<void> {
    const { release, namespace, number } = this.revision;
    const annotations = { "kaji.dev/release-heartbeat": String(++this.count) };
    const { resourceVersion } = this;
    const body = { metadata: { annotations, ...(resourceVersion ? { resourceVersion } : {}) } };
    const target = { name: secretName(release, number), namespace };
    try {
      const { metadata } = await this.client.patch(secretKind, target, { type: "merge", body });
      this.resourceVersion = metadata.resourceVersion;
    } catch (error) {
      this.isLost ||= isRefusedAs(error, "Conflict") || isRefusedAs(error, "NotFound");
    }
  }
}
