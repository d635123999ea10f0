import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { builtCli, busyboxTar, type Cli } from "#test/e2e/cli-fixture";
import { requireHost } from "#test/support/host";
import { startOnTerminal } from "#test/support/terminal";

/** What a terminal gets, and what a pipe gets: colours and progress that is redrawn, or plain lines. */
const ESCAPE = "\u001b";
const COLOUR = new RegExp(`${ESCAPE}\\[[0-9;]*m`);
/** Up some lines, and all below taken away. */
const REDRAWN = new RegExp(`${ESCAPE}\\[\\d+A${ESCAPE}\\[J`);

let cli: Cli;
beforeAll(() => {
  cli = builtCli();
});
afterAll(() => cli.remove());
beforeEach((context) => requireHost(context, { programs: ["script", "stty"] }));

const doctor = () => ["doctor", "--root-dir", join(cli.root, "none")];

async function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const running = startOnTerminal([...cli.command, ...args], env);
  const code = await running.ended;
  return { code, screen: running.stdout() };
}

test("colours are on a terminal", async () => {
  const { code, screen } = await onTerminal(doctor());
  expect(screen).toContain(`${ESCAPE}[31mBROKEN${ESCAPE}[39m   the components run`);
  expect(code).toBe(1);
});

test.each([
  ["with NO_COLOR", [], { NO_COLOR: "1" }],
  ["with --color never", ["--color", "never"], {}],
  ["on a dumb terminal", [], { TERM: "dumb" }],
])("colours are off %s", async (_, flags, env) => {
  const { screen } = await onTerminal([...doctor(), ...flags], env);
  expect(screen).toContain("BROKEN   the components run");
  expect(screen).not.toMatch(COLOUR);
});

test("colours are off on a pipe, unless they are asked for", async () => {
  expect((await cli.run(doctor())).stdout).not.toMatch(COLOUR);
  expect((await cli.run([...doctor(), "--color", "always"])).stdout).toMatch(COLOUR);
});

test("help has colours on a terminal, and none with NO_COLOR", async () => {
  expect((await onTerminal(["--help"])).screen).toMatch(COLOUR);
  expect((await onTerminal(["--help"], { CI: "true" })).screen).toMatch(COLOUR);
  expect((await onTerminal(["--help"], { NO_COLOR: "1" })).screen).not.toMatch(COLOUR);
  expect((await onTerminal(["--help", "--color", "never"])).screen).not.toMatch(COLOUR);
  expect((await cli.run(["get", "--help", "--color", "always"])).stdout).toMatch(COLOUR);
});

test("a build redraws its step on a terminal and writes plain lines to a pipe", async (context) => {
  requireHost(context, { root: true, programs: ["busybox", "tar"] });
  const root = ["--root-dir", cli.root];
  expect((await cli.run(["import", busyboxTar(cli.root), "base:1", ...root])).code).toBe(0);
  const folder = join(cli.root, "context");
  mkdirSync(folder);
  const dockerfile = 'FROM base:1\nRUN ["/bin/busybox", "sleep", "0.3"]\nCMD ["sh"]\n';
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
  const build = ["build", folder, "--no-cache", ...root];
  const { code, screen } = await onTerminal(build);
  expect(screen).toMatch(REDRAWN);
  expect(screen).toMatch(/RUN .* \d\.\d s\r?\n/);
  expect(code).toBe(0);
  const piped = await cli.run(build);
  expect(piped.stderr).not.toContain(ESCAPE);
  expect(piped.stderr).toMatch(/^\[\d\/\d\] RUN .* {2}\d\.\d s$/m);
  expect(piped.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
});
