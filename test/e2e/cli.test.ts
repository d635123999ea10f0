import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "#cli/commands/index";
import { builtCli, type Cli } from "#test/e2e/cli-fixture";

let cli: Cli;
beforeAll(() => {
  cli = builtCli();
});
afterAll(() => cli.remove());

describe("help", () => {
  test("names every command, without colours on a pipe", async () => {
    const { code, stdout } = await cli.run(["--help"]);
    expect(code).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(`  ${name}`);
    expect(stdout).not.toContain("\u001b");
  });

  test("version is one line", async () => {
    const { stdout } = await cli.run(["version"]);
    expect(stdout).toMatch(/^kaji \d+\.\d+\.\d+ \(Kubernetes API 1\.34, node v\d+.*\)\n$/);
  });
});

describe("a mistake on the command line gets one sentence", () => {
  test.each([
    [["buld"], 'kaji: unknown command "buld": did you mean "build"?\n'],
    [["build", "--tga", "x"], 'kaji: unknown option "--tga": did you mean "--tag"?\n'],
    [["get"], 'kaji: missing required argument "kind": run it with --help to see what it takes\n'],
    [
      ["get", "pods", "-o", "xml"],
      "kaji: --output xml is not known: use wide, json, yaml, name, or leave it out\n",
    ],
    [
      ["server", "--api-port", "70000"],
      "kaji: --api-port 70000 is not a port: give a number from 1 to 65535\n",
    ],
    [["completion", "tcsh"], 'kaji: no completion for "tcsh": use bash, zsh, fish\n'],
    [
      ["patch", "pod/x", "-p", "nonsense"],
      "kaji: --patch is not an object or a list: quote it so that the shell leaves it whole\n",
    ],
  ])("%j", async (args, sentence) => {
    const { code, stderr } = await cli.run([...args, ...rootOf(args)]);
    expect(stderr).toBe(sentence);
    expect(code).toBe(1);
  });

  function rootOf(args: readonly string[]): readonly string[] {
    return ["server", "patch"].includes(args[0] ?? "") ? ["--root-dir", cli.root] : [];
  }
});

describe("apply says what is wrong with", () => {
  const object = (text: string) => `apiVersion: v1\nkind: ConfigMap\n${text}\n`;

  test.each([
    [
      "no cluster",
      object("metadata: {name: a}"),
      /no cluster to talk to: .*admin\.kubeconfig is not there; start one with `kaji up`/,
    ],
    ["YAML that is none", "a: b\nc: [1,\nd: }", /stdin:3:1: this is not valid YAML: /],
    [
      "a second document that is none",
      `${object("metadata: {name: a}")}---\na: "b`,
      /stdin:5:6: this is not valid YAML/,
    ],
    ["a text", "hello", /stdin is not an object: a manifest starts with apiVersion and kind/],
    ["an object without a kind", "apiVersion: v1", /stdin has no kind/],
    [
      "an object without a name",
      object("metadata: {}"),
      /stdin \(ConfigMap\) has no metadata.name/,
    ],
    [
      "a name that YAML reads as something else",
      object("metadata: {name: yes}"),
      /reads metadata.name as true, not as text: put it in quotes/,
    ],
    ["nothing at all", "", /no objects in -: each document was empty/],
  ])("%s", async (_, stdin, sentence) => {
    const { code, stderr } = await cli.run(["apply", "-f", "-", "--root-dir", cli.root], { stdin });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  });

  test("files that are not there, and a file by its name, line and column", async () => {
    expect((await cli.run(["apply", "-f", "/nowhere/x.yaml"])).stderr).toBe(
      "kaji: /nowhere/x.yaml is not there: check the path given with -f\n",
    );
    const file = join(cli.root, "bad.yaml");
    writeFileSync(file, "kind: Pod\n\tname: x\n");
    expect((await cli.run(["apply", "-f", file])).stderr).toContain(
      `${file}:2:1: this is not valid YAML`,
    );
    expect((await cli.run(["apply"])).stderr).toBe(
      "kaji: nothing to read: name a file or a folder with -f\n",
    );
  });
});

describe("completion", () => {
  test("bash completes commands, subcommands, flags and values", async () => {
    const { stdout } = await cli.run(["completion", "bash"]);
    const complete = (...words: string[]): string[] => {
      const script = `${stdout}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length - 1}\n_kaji\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trim().split("\n");
    };
    expect(complete("kaji", "pu")).toEqual(["pull", "push"]);
    expect(complete("kaji", "token", "")).toEqual(["create", "list", "delete"]);
    expect(complete("kaji", "images", "d")).toEqual(["df"]);
    expect(complete("kaji", "build", "--no")).toEqual(["--no-cache"]);
    expect(complete("kaji", "token", "create", "--t")).toEqual(["--ttl"]);
    expect(complete("kaji", "get", "pods", "-o", "--output", "y")).toEqual(["yaml"]);
  });

  test("zsh and fish get scripts of their own", async () => {
    expect((await cli.run(["completion", "zsh"])).stdout).toMatch(/^#compdef kaji\n/);
    expect((await cli.run(["completion", "fish"])).stdout).toContain(
      "complete -c kaji -n __fish_use_subcommand -a build",
    );
  });
});
