import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer as createHttp2Server, type Http2Server } from "node:http2";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtCli, type Cli } from "#test/e2e/cli-fixture";
import { freePorts, requireHost } from "#test/support/host";
import { start, startOnTerminal } from "#test/support/terminal";

/** Commands with input that is wrong: one clear sentence that says what to do, an exit code, and no stack. */
let cli: Cli;
const path = (name: string): string => join(cli.root, name);

beforeAll(async () => {
  cli = builtCli();
  writeFileSync(path("empty"), "");
  writeFileSync(path("binary"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 255, 254]));
  writeFileSync(path("words.yaml"), "hello");
  mkdirSync(path("folder"));
  const [nobody = 0] = await freePorts(1);
  writeFileSync(path("down.kubeconfig"), kubeconfigOf(`https://127.0.0.1:${nobody}`));
  writeFileSync(path("unknown.kubeconfig"), kubeconfigOf("https://no-such-host.invalid:6443"));
});
afterAll(() => cli.remove());

/** A command that goes on waiting gives up after 10 s by itself. */
const SOONER_THAN_A_CONNECTION_FAILS_MS = 9_000;

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "here" },
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "x" } }],
    contexts: [{ name: "here", context: { cluster: "c", user: "u" } }],
  });
}

/** FILE in a word is the file of that name in the scratch folder. */
async function said(line: string): Promise<string> {
  const words = line.split(" ").map((word) => word.replace(/^@/, `${cli.root}/`));
  const { code, stderr } = await cli.run(words);
  expect(code, stderr).toBe(1);
  const sentences = stderr.trimEnd().split("\n");
  expect(sentences, stderr).toHaveLength(1);
  return (sentences[0] ?? "").replaceAll(cli.root, "@");
}

const isRoot = process.getuid?.() === 0;
const NO_ROOT = / needs root /;

describe("files that are not what is wanted", () => {
  test.each([
    ["apply -f @none", "@/none is not there: check the path given with -f"],
    ["apply -f @empty", "no objects in @/empty: each document was empty"],
    ["apply -f @folder", "no .yaml, .yml or .json files in @/folder: name a file with -f"],
    ["apply -f @binary", "@/binary is not an object: a manifest starts with apiVersion and kind"],
    ["apply -f @words.yaml", "@/words.yaml is not an object: a manifest starts with"],
    ["deploy -f @none --yes", "@/none is not there: check the path given with -f"],
    ["delete -f @binary", "@/binary is not an object: a manifest starts with apiVersion"],
    ["tenant create -f @none.csv", "@/none.csv is not there: check the path given with -f"],
    ["tenant create -f @binary --format csv", "@/binary is not text: give YAML documents"],
    ["tenant create -f @folder --format csv", "@/folder is a folder: name a file with -f"],
    ["tenant create -f @binary", "@/binary is not text"],
    ["get pods --kubeconfig @none", "no cluster to talk to: @/none is not there; start one with"],
    ["get pods --kubeconfig @empty", "the kubeconfig @/empty is empty or not a mapping"],
    ["get pods --kubeconfig @binary", "the kubeconfig @/binary is"],
    [
      "get pods --kubeconfig @folder",
      "cannot read the kubeconfig @/folder: it is a folder: name a file",
    ],
    [
      "get pods --kubeconfig @down.kubeconfig --context there",
      'the kubeconfig @/down.kubeconfig has no context "there": it has here',
    ],
  ])("%s", async (line, sentence) => {
    expect(await said(line)).toContain(`kaji: ${sentence}`);
  });

  test.each([
    ["import @none --root-dir @r", "the archive @/none is not there: check the path"],
    ["import @empty x:1 --root-dir @r", "the archive @/empty is empty: make it again"],
    ["import @binary x:1 --root-dir @r", "@/binary cannot be read as a tar archive"],
    ["build @none --root-dir @r", "the build context @/none is not a folder: name the folder"],
    ["build @folder --root-dir @r", "there is no Dockerfile in @/folder; name one with --file"],
    [
      "build @folder -f @folder --root-dir @r",
      "the Dockerfile @/folder is a folder: name the file",
    ],
    ["save x:1 -o @none/x.tar --root-dir @r", "there is no folder @/none to write to: make it"],
    ["save x:1 -o @folder --root-dir @r", "@/folder is a folder: name a file with -o"],
    [
      "node shutdown --root-dir @r2",
      "no agent has run on this host (nothing is in @/r2/lib/agent)",
    ],
  ])("%s", async (line, sentence) => {
    const answer = await said(line);
    if (isRoot) expect(answer).toContain(`kaji: ${sentence}`);
    else expect(answer).toMatch(NO_ROOT);
  });
});

describe("words and values that are wrong", () => {
  test.each([
    ["upp", 'unknown command "upp": did you mean "up"?'],
    ["rollout stat", 'unknown command "stat": did you mean "rollout status"?'],
    ["histroy", 'unknown command "histroy": did you mean "deploy history" or "rollout history"?'],
    ["get --namespce x pods", 'unknown option "--namespce": did you mean "--namespace"?'],
    ["get podz", 'no kind is called "podz": did you mean "pods"? `kubectl api-resources` lists'],
    ["get pods/", '"pods/" is not KIND or KIND/NAME: write, for example, pod/web-1'],
    ["get pods --output", 'option "-o, --output <FORMAT>" argument missing: run it with --help'],
    ["why a b c", 'too many arguments for "why" (it takes 2, and got 3): run it with --help'],
    ["get pods --color pink", "--color pink is not known: use auto, always or never"],
    ["events --types odd", "--types odd is not known: use Normal or Warning"],
    ["logs web --tail x", "--tail x is not a number of lines: give a whole number"],
    ["logs web --since x", "--since x is not a duration: give one such as 40s or 1m30s"],
    [
      "logs web --since-time x",
      "--since-time x is not a time: give one such as 2026-01-31T12:00:00Z",
    ],
    ["logs web -f -p", "--follow and --previous: a run that is over writes nothing more"],
    ["top svc", 'kaji top shows nodes and pods, and not "svc": `kaji top pods`'],
    ["advise --for x", "--for x is not a duration: give one such as 40s or 1m30s"],
    ["tenant list --limit x", "--limit is a number above 0"],
  ])("%s", async (line, sentence) => {
    expect(await said(line)).toContain(`kaji: ${sentence}`);
  });
});

describe("a server that does not answer", () => {
  test.each(["get pods", "events", "logs web", "why web", "top", "apply -f @object.yaml"])(
    "kaji %s says so, and how to start it",
    async (line) => {
      writeFileSync(path("object.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
      expect(await said(`${line} --kubeconfig @down.kubeconfig`)).toMatch(
        /^kaji: the API server does not answer \(connect ECONNREFUSED .*\): start it with `kaji up`, or name another cluster with --kubeconfig$/,
      );
    },
  );

  test("an address that nobody knows is the kubeconfig's fault", async () => {
    expect(await said("get pods --kubeconfig @unknown.kubeconfig")).toMatch(
      /the API server does not answer \(.*no-such-host.invalid\): check the address in the kubeconfig$/,
    );
  });

  describe("Ctrl-C ends the waiting for one that takes the connection and says nothing", () => {
    let server: Server;
    beforeAll(async () => {
      server = createServer(() => undefined);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      writeFileSync(path("silent.kubeconfig"), kubeconfigOf(`https://127.0.0.1:${port}`));
      writeFileSync(path("one.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
    });
    afterAll(() => server.close());

    const commandOf = (line: string): [string, ...string[]] => {
      const words = line.split(" ").map((word) => word.replace(/^@/, `${cli.root}/`));
      return [...cli.command, ...words, "--kubeconfig", path("silent.kubeconfig")];
    };
    const connected = () => new Promise((resolve) => server.once("connection", resolve));

    test.each([
      ...["get pods", "top -w", "events -w", "why pod/web", "delete pod web", "apply -f @one.yaml"],
      ...[
        "deploy -f @one.yaml --name a --yes",
        "rollout status deploy/web",
        "tenant list",
        "doctor",
      ],
    ])(
      "kaji %s",
      async (line) => {
        const arrival = connected();
        const running = start(commandOf(line));
        await arrival;
        const code = await running.interrupt();
        expect(running.stderr()).toBe("kaji: interrupted\n");
        expect(code).toBe(130);
      },
      SOONER_THAN_A_CONNECTION_FAILS_MS,
    );

    test(
      "on a terminal",
      async (context) => {
        requireHost(context, { programs: ["script", "stty"] });
        const arrival = connected();
        const running = startOnTerminal(commandOf("get pods"));
        await arrival;
        running.type("\u0003");
        expect(await running.ended).toBe(130);
        expect(running.stdout()).toContain("kaji: interrupted");
      },
      SOONER_THAN_A_CONNECTION_FAILS_MS,
    );
  });
});

describe("a reader that is slow", () => {
  const ROWS = 20_000;
  const NAME = "x".repeat(100);
  let server: Http2Server;

  beforeAll(async () => {
    const columnDefinitions = [{ name: "Name", type: "string", priority: 0 }];
    const rows = Array.from({ length: ROWS }, () => ({
      cells: [NAME],
      object: { metadata: { name: NAME } },
    }));
    const broken = { kind: "Status", code: 500, message: "services are broken" };
    server = createHttp2Server((request, response) => {
      const isPods = request.url.includes("/pods");
      response.writeHead(isPods ? 200 : 500, { "content-type": "application/json" });
      response.end(JSON.stringify(isPods ? { kind: "Table", columnDefinitions, rows } : broken));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(path("plain.kubeconfig"), kubeconfigOf(`http://127.0.0.1:${port}`));
  });
  afterAll(() => server.close());

  test("gets all that was written before the command failed", async () => {
    const [program, ...words] = cli.command;
    const args = ["get", "pods,services", "--kubeconfig", path("plain.kubeconfig")];
    const child = spawn(program, [...words, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const [sentence] = (await once(child.stderr, "data")) as [Buffer];
    // Only now does anybody read; a pipe holds far less.
    let lines = 0;
    for await (const chunk of child.stdout) lines += String(chunk).split("\n").length - 1;
    expect(String(sentence)).toBe("kaji: services are broken\n");
    expect(lines).toBe(ROWS + 1);
  });
});
