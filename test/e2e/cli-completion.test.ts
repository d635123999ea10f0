import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtCli, type Cli } from "#test/e2e/cli-fixture";
import { requireHost } from "#test/support/host";
import { startOnTerminal } from "#test/support/terminal";

/** The shells themselves complete, and an API of one pod answers what they ask. */
let cli: Cli;
let api: Http2Server;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  cli = builtCli();
  const program = join(cli.root, "kaji");
  writeFileSync(program, `#!/bin/sh\nexec '${cli.command.join("' '")}' "$@"\n`);
  chmodSync(program, 0o755);
  api = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ items: [{ metadata: { name: "web-0" } }] }));
  });
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const { port } = api.address() as AddressInfo;
  const kubeconfig = join(cli.root, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      "current-context": "here",
      clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: "here", context: { cluster: "c" } }],
    }),
  );
  env = { PATH: `${cli.root}:${process.env.PATH}`, KUBECONFIG: kubeconfig, HOME: cli.root };
});
afterAll(() => {
  api.close();
  cli.remove();
});

describe("zsh, on a terminal", () => {
  beforeEach((context) => requireHost(context, { programs: ["zsh", "script", "stty"] }));

  test.each([
    ["kaji token crea", "kaji token create "],
    ["kaji get pods --output ya", "kaji get pods --output yaml "],
    ["kaji get pods we", "kaji get pods web-0 "],
    ["kaji why pod/we", "kaji why pod/web-0 "],
  ])("completes %j", async (typed, completed) => {
    const shell = startOnTerminal(["zsh", "-f", "-i"], { ...env, TERM: "dumb" });
    const until = (text: string) =>
      expect.poll(() => shell.stdout(), { timeout: 30_000 }).toContain(text);
    shell.type("autoload -U compinit && compinit -u -D && source <(kaji completion zsh)\n");
    // In two parts, so that what is typed is not taken for the answer.
    shell.type("print rea''dy\n");
    await until("ready");
    shell.type(`${typed}\t`);
    await until(completed);
    // The line is taken away, and the shell ends.
    shell.type("\u0015exit\n");
    await shell.ended;
  });
});

describe("fish", () => {
  beforeEach((context) => requireHost(context, { programs: ["fish"] }));

  async function complete(line: string): Promise<readonly string[]> {
    const ask = `kaji completion fish | source; complete -C '${line}'`;
    const child = spawn("fish", ["--no-config", "-c", ask], { env, cwd: cli.root });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => child.once("close", resolve));
    const rows = said.trimEnd().split("\n");
    return rows.map((row) => row.split("\t")[0] ?? "");
  }

  test.each([
    ["kaji pu", ["pull", "push"]],
    // No files: the folder has some.
    ["kaji token ", ["create", "delete", "list"]],
    ["kaji build --no", ["--no-cache"]],
    ["kaji get pods -o ", ["json", "name", "wide", "yaml"]],
    ["kaji apply -f kubec", ["kubeconfig"]],
    ["kaji import kubec", ["kubeconfig"]],
    ["kaji get deploym", ["deployments"]],
    ["kaji get pods we", ["web-0"]],
    ["kaji why pod/", ["pod/web-0"]],
  ])("completes %j", async (line, words) => {
    expect(await complete(line)).toEqual(words);
  });
});
