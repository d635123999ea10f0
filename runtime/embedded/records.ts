import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type ExitRecord, parseExitRecord } from "#runtime/embedded/exits";
import type { ContainerUser } from "#runtime/plan/users";
import type { ContainerConfig, ImageConfig, SandboxConfig } from "#runtime/runtime";

/**
 * What the runtime must know after a restart, one small file each below <run>/sandboxes/<16 digits of the id>/:
 * `sandbox.json`, `<container>.json`, and `<container>.exit`, which the supervisor writes. Every write is a rename.
 * They are synchronous on purpose: <run> is a tmpfs, where a write costs 20 us and a turn of the thread pool ten times that.
 */
export interface SandboxRecord {
  readonly id: string;
  readonly createdAtMs: number;
  readonly config: SandboxConfig;
  readonly pid?: number;
  readonly isStopped: boolean;
}

export interface ContainerRecord {
  readonly id: string;
  readonly sandboxId: string;
  readonly createdAtMs: number;
  readonly config: ContainerConfig;
  readonly imageId: string;
  readonly image: ImageConfig;
  readonly user: ContainerUser;
  /** Why it could not be started: it then counts as exited. */
  readonly startError?: { readonly message: string; readonly atMs: number };
}

export class Records {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  directoryOf(sandboxId: string): string {
    return join(this.root, sandboxId.slice(0, 16));
  }

  saveSandbox(record: SandboxRecord): void {
    const directory = this.directoryOf(record.id);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    write(join(directory, "sandbox.json"), JSON.stringify(record));
  }

  saveContainer(record: ContainerRecord): void {
    write(this.containerFile(record, "json"), JSON.stringify(record));
  }

  saveExit(record: ContainerRecord, exit: ExitRecord): void {
    const { status, startedAtMs, finishedAtMs, oomKills } = exit;
    write(
      this.containerFile(record, "exit"),
      `${status} ${startedAtMs} ${finishedAtMs} ${oomKills}\n`,
    );
  }

  readExit(record: ContainerRecord): ExitRecord | undefined {
    const path = this.containerFile(record, "exit");
    return existsSync(path) ? parseExitRecord(readFileSync(path, "utf8")) : undefined;
  }

  removeContainer(record: ContainerRecord): void {
    rmSync(this.containerFile(record, "json"), { force: true });
    rmSync(this.containerFile(record, "exit"), { force: true });
  }

  removeSandbox(id: string): void {
    rmSync(this.directoryOf(id), { recursive: true, force: true });
  }

  /** A directory without its record is of a sandbox that was never finished, or not quite removed. */
  removeUnfinished(): void {
    if (!existsSync(this.root)) return;
    for (const name of readdirSync(this.root)) {
      const directory = join(this.root, name);
      if (existsSync(join(directory, "sandbox.json"))) continue;
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** What an earlier process left. */
  load(): readonly { sandbox: SandboxRecord; containers: readonly ContainerRecord[] }[] {
    if (!existsSync(this.root)) return [];
    return readdirSync(this.root).flatMap((name) => {
      const directory = join(this.root, name);
      if (!existsSync(join(directory, "sandbox.json"))) return [];
      const files = readdirSync(directory).filter((file) => /^[0-9a-f]{64}\.json$/.test(file));
      return [
        {
          sandbox: read<SandboxRecord>(join(directory, "sandbox.json")),
          containers: files.map((file) => read<ContainerRecord>(join(directory, file))),
        },
      ];
    });
  }

  private containerFile(record: ContainerRecord, extension: string): string {
    return join(this.directoryOf(record.sandboxId), `${record.id}.${extension}`);
  }
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}

function write(path: string, text: string): void {
  const temporary = `${path}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}
