import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse } from "#client/transport";
import { jsonResponse } from "#control-plane/apiserver/serving/responses";
import type { HistoryHolds } from "#control-plane/apiserver/storage/compaction";
import type { Rotation } from "#control-plane/apiserver/storage/encryption/rotation";
import { backupBytes, type BackupSource } from "#control-plane/store/backup/write-backup";
import type { Store } from "#control-plane/store/store";
import type { Clock } from "#kit/clock";
import type { Log } from "#kit/log";

/** What administers a server and is no object: under /kaji/v1, for those whom authorization lets there. */
export interface AdminRoutes {
  /** undefined: the path is another's. */
  serve(request: ApiRequest): Promise<ApiResponse> | undefined;
}

export interface AdminOptions {
  /** The store as it is: encrypted values stay encrypted in a backup. */
  readonly store: Store;
  readonly rotation: Rotation;
  readonly holds: HistoryHolds;
  readonly clock: Clock;
  readonly log: Log;
  readStateFiles(): Promise<BackupSource["files"]>;
}

type Route = (user: string) => Promise<ApiResponse>;

/** A reader who takes longer is cut off: meanwhile no history can be forgotten. */
const BACKUP_LIMIT_MS = 15 * 60_000;

export function createAdminRoutes(options: AdminOptions): AdminRoutes {
  const { rotation, log } = options;
  const backups = new Backups(options);
  const routes: Readonly<Record<string, Route>> = {
    "GET /kaji/v1/backup": (user) => {
      log.info("a backup is read", { user });
      return backups.start();
    },
    "GET /kaji/v1/encryption": async () => jsonResponse(200, await rotation.status()),
    "POST /kaji/v1/encryption/rotate": async () =>
      jsonResponse(200, { key: await rotation.rotate() }),
  };
  return {
    serve: ({ method, path, user }) => routes[`${method} ${path}`]?.(user?.name ?? "unknown"),
  };
}

/** At most one backup is read at a time, or a few that begin in the same moment. */
class Backups {
  private readonly options: AdminOptions;
  private running = 0;

  constructor(options: AdminOptions) {
    this.options = options;
  }

  async start(): Promise<ApiResponse> {
    if (this.running > 0) throw tooMany();
    const { store, clock, readStateFiles } = this.options;
    const files = await readStateFiles();
    const revision = await store.currentRevision();
    const source = { store, files, revision, nowMs: clock.now() };
    const chunks = this.chunks(source);
    return { type: "stream", status: 200, contentType: "application/gzip", chunks };
  }

  /** Holds nothing before it is read: a client may be gone by then. */
  private async *chunks(source: BackupSource): AsyncGenerator<Uint8Array> {
    const { clock } = this.options;
    const release = this.begin(source.revision);
    let isLate = false;
    // Also when its reader has stopped reading, and nothing here goes on.
    const cancel = clock.after(BACKUP_LIMIT_MS, () => {
      isLate = true;
      release();
    });
    try {
      for await (const chunk of backupBytes(source)) {
        if (isLate) throw errors.unavailable("the backup took too long");
        yield chunk;
      }
    } finally {
      cancel();
      release();
    }
  }

  /** Gives what ends it, however often that is called. */
  private begin(revision: number): () => void {
    this.running++;
    const release = this.options.holds.hold(revision);
    let isRunning = true;
    return () => {
      if (!isRunning) return;
      isRunning = false;
      release();
      this.running--;
    };
  }
}

function tooMany(): StatusError {
  return new StatusError(
    429,
    "TooManyRequests",
    "a backup is being made: wait until it has ended and try again",
    { retryAfterSeconds: 5 },
  );
}
