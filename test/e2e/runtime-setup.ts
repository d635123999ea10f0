import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { locationsFor } from "#kit/locations";
import type { ContainerConfig } from "#runtime/runtime";
import {
  closeFixture,
  type Fixture,
  openFixture,
  security,
  whyNot,
} from "#test/e2e/runtime-fixture";

export let fixture: Fixture;

/** Opens a runtime for a file of tests; at the end nothing of it may be left on the host. */
export function useRuntime(): void {
  const reason = whyNot();
  if (reason !== undefined) console.warn(`runtime tests are skipped: ${reason}`);
  beforeAll(async () => {
    if (reason === undefined) fixture = await openFixture();
  });
  afterAll(async () => {
    if (reason !== undefined) return;
    const { instance } = locationsFor(fixture.root);
    await closeFixture(fixture);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain(fixture.root);
    expect(groupsNamed(instance)).toEqual([]);
  });
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason);
  });
}

export const withSecurity = (overrides: Partial<typeof security>): Partial<ContainerConfig> => ({
  security: { ...security, ...overrides },
});

export async function textOf(stream: Readable | undefined): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

export async function execute(
  id: string,
  ...command: string[]
): Promise<{ code: number; out: string; err: string }> {
  const session = await fixture.runtime.exec(id, request(command));
  const [out, err] = await Promise.all([textOf(session.stdout), textOf(session.stderr)]);
  return { code: (await session.exit).exitCode, out, err };
}

export const request = (command: readonly string[]) => ({
  command,
  tty: false,
  stdin: false,
  stdout: true,
  stderr: true,
});

export function groupsNamed(instance: string): string[] {
  return readdirSync("/sys/fs/cgroup").filter((name) =>
    existsSync(join("/sys/fs/cgroup", name, instance)),
  );
}
