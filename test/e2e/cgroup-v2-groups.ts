import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { locationsFor } from "#kit/locations";
import type { Container } from "#runtime/runtime";
import { exitCode, type Fixture } from "#test/e2e/runtime-fixture";

export const ROOT = "/sys/fs/cgroup";

/** The files of a group, read on the host's side. */
export interface Group {
  readonly path: string;
  exists(): boolean;
  /** Without the last line's end. */
  file(name: string): string;
  /** Of a file with lines "name number". */
  counter(file: string, name: string): number;
}

export function groupAt(path: string): Group {
  const file = (name: string): string => readFileSync(join(path, name), "utf8").trim();
  return {
    path,
    exists: () => existsSync(path),
    file,
    counter: (name, counter) =>
      Number(new RegExp(`^${counter} (\\d+)$`, "m").exec(file(name))?.[1]),
  };
}

export function instanceGroup(fixture: Fixture): Group {
  return groupAt(join(ROOT, locationsFor(fixture.root).instance));
}

export async function sandboxGroup(fixture: Fixture, sandboxId: string): Promise<Group> {
  const found = (await fixture.runtime.listSandboxes()).find(({ id }) => id === sandboxId);
  return groupAt(join(instanceGroup(fixture).path, found?.config.cgroupParent ?? "absent"));
}

export async function containerGroup(fixture: Fixture, containerId: string): Promise<Group> {
  const found = await fixture.runtime.containerStatus(containerId);
  const parent = await sandboxGroup(fixture, found?.sandboxId ?? "");
  return groupAt(join(parent.path, containerId));
}

/** As it is after its end. */
export async function endOf(fixture: Fixture, containerId: string): Promise<Container> {
  await exitCode(fixture.runtime, containerId);
  const found = await fixture.runtime.containerStatus(containerId);
  if (found === undefined) throw new Error(`container ${containerId} is gone`);
  return found;
}

/** A sandbox for one check, removed after it. */
export async function withSandbox(
  fixture: Fixture,
  overrides: Parameters<Fixture["sandbox"]>[0],
  use: (sandboxId: string) => Promise<void>,
): Promise<void> {
  const sandboxId = await fixture.sandbox(overrides);
  try {
    await use(sandboxId);
  } finally {
    await fixture.runtime.removeSandbox(sandboxId);
  }
}

async function text(stream: Readable | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What a command in a container writes and how it ends. */
export async function execute(
  fixture: Fixture,
  containerId: string,
  ...command: readonly string[]
): Promise<{ readonly code: number; readonly text: string }> {
  const session = await fixture.runtime.exec(containerId, {
    command,
    tty: false,
    stdin: false,
    stdout: true,
    stderr: true,
  });
  const [out, err] = await Promise.all([text(session.stdout), text(session.stderr)]);
  return { code: (await session.exit).exitCode, text: out + err };
}
