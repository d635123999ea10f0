import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLocalStreams } from "#test/contract/node-protocol-local-streams";
import { type StreamsServer, startStreamsServer } from "#test/e2e/kubectl-streams-server";

/** A new one speaks WebSocket; KUBECTL_OLD may name one up to 1.29, which speaks SPDY. */
const kubectls = (process.env.PATH ?? "")
  .split(":")
  .flatMap((dir) => [join(dir, "kubectl"), join(dir, "kubectl-1.20")])
  .concat(process.env.KUBECTL_OLD ?? [])
  .filter((path) => existsSync(path))
  .map((path) => realpathSync(path))
  .filter((path, index, all) => all.indexOf(path) === index);

let server: StreamsServer;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "kaji-kubectl-"));
  server = await startStreamsServer(createLocalStreams());
});

afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

function start(kubectl: string, args: readonly string[]): ChildProcess {
  const access = [
    "--server",
    server.url,
    "--insecure-skip-tls-verify",
    "--cache-dir",
    home,
    "--token",
    "x",
  ];
  const env = { HOME: home, KUBECONFIG: "/dev/null", PATH: process.env.PATH };
  return spawn(kubectl, [...access, ...args], {
    env,
    stdio: "pipe",
    timeout: 90_000,
    killSignal: "SIGKILL",
  });
}

async function run(kubectl: string, args: readonly string[], stdin?: string | Buffer) {
  const child = start(kubectl, args);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (bytes: Buffer) => out.push(bytes));
  child.stderr?.on("data", (bytes: Buffer) => err.push(bytes));
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(stdin);
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() };
}

if (kubectls.length === 0) {
  test("kubectl streams", (ctx) => {
    console.warn("no kubectl on this machine: its streams are not tested");
    ctx.skip("no kubectl");
  });
}

describe.each(kubectls)("%s", (kubectl) => {
  test("exec prints output and error separately and gives the exit code", async () => {
    const script = "echo out; echo err >&2; exit 7";
    const result = await run(kubectl, ["exec", "web", "--", "sh", "-c", script]);
    expect(result.stdout.toString()).toBe("out\n");
    expect(result.stderr).toContain("err\n");
    expect(result.stderr).toContain("command terminated with exit code 7");
    expect(result.code).toBe(7);
  });

  test("exec -i passes piped input and its end", async () => {
    const input = Buffer.alloc(3_000_000, "kaji ");
    const result = await run(kubectl, ["exec", "-i", "web", "--", "sha256sum"], input);
    expect(result.stderr).toBe("");
    expect(result.stdout.toString()).toContain(createHash("sha256").update(input).digest("hex"));
    expect(result.code).toBe(0);
  });

  test("exec carries 20 MB of output whole", async () => {
    const script = "head -c 20000000 /dev/zero";
    const result = await run(kubectl, ["exec", "web", "--", "sh", "-c", script]);
    expect(result.stdout.length).toBe(20_000_000);
    expect(result.code).toBe(0);
  });

  test("exec -i echoes more than every buffer on the way holds", async () => {
    const input = Buffer.alloc(8_000_000, "0123456789abcdef");
    const result = await run(kubectl, ["exec", "-i", "web", "--", "cat"], input);
    expect(result.stdout.equals(input)).toBe(true);
  });

  test("attach -i reaches the process's input", async () => {
    const result = await run(kubectl, ["attach", "-i", "web"], "hello\n");
    expect(result.stdout.toString()).toContain("hello\n");
  });

  test("a pod that does not exist is refused with Kubernetes' words", async () => {
    const result = await run(kubectl, ["exec", "nope", "--", "true"]);
    expect(result.stderr).toContain('pods "nope" not found');
    expect(result.code).toBe(1);
  });

  test("logs and logs -f end when the container has", async () => {
    const plain = await run(kubectl, ["logs", "web"]);
    expect(plain.stdout.toString()).toBe("line 1\n");
    const followed = await run(kubectl, ["logs", "-f", "web"]);
    expect(followed.stdout.toString()).toBe("line 1\nline 2\nline 3\n");
  });

  test("logs of a container that waits say for what", async () => {
    const result = await run(kubectl, ["logs", "two", "-c", "a"]);
    expect(result.stderr).toContain(
      'container "a" in pod "two" is waiting to start: ContainerCreating',
    );
  });

  test("port-forward carries many connections, and a big answer", async () => {
    const big = Buffer.alloc(5_000_000, "x");
    const web = createServer((req, res) => res.end(req.url === "/big" ? big : "pong"));
    web.listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    const child = start(kubectl, ["port-forward", "web", `:${port}`]);
    try {
      const local = await localPort(child);
      for (let index = 0; index < 5; index++) {
        const answer = await fetch(`http://127.0.0.1:${local}/`, {
          headers: { connection: "close" },
        });
        expect(await answer.text()).toBe("pong");
      }
      const answers = await Promise.all(
        [1, 2, 3].map(() => fetch(`http://127.0.0.1:${local}/big`).then((it) => it.text())),
      );
      for (const answer of answers) expect(answer.length).toBe(big.length);
    } finally {
      child.kill("SIGKILL");
      web.closeAllConnections();
      web.close();
    }
  });
});

/** From "Forwarding from 127.0.0.1:41234 -> 80"; its output is read to the end, or kubectl would die of it. */
function localPort(child: ChildProcess): Promise<number> {
  let text = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      const found = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (found) resolve(Number(found));
    });
    child.stderr?.on("data", (bytes: Buffer) => {
      text += bytes.toString();
    });
    child.on("exit", () => reject(new Error(`kubectl port-forward said: ${text}`)));
  });
}
