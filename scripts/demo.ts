/**
 * What `npm start` shows, done as a user would do it, with the executables: the cluster comes up, an image is
 * built from a Dockerfile, YAML is applied (by kubectl when there is one), the app answers through nginx, and
 * its new version is swapped in while requests flow. Leaves the cluster running.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { locationsFor } from "#kit/locations";
import { busyboxTar } from "#test/support/cluster";
import { findProgram } from "#test/support/host";
import { startLoad } from "#test/support/load";

const run = promisify(execFile);
const MANIFESTS = ["configmap.yaml", "deployment.yaml", "service.yaml", "ingress.yaml"].map(
  (name) => `manifests/demo/${name}`,
);
const HOST = "demo.localhost";
const KEEP_ALIVE_CLIENTS = 8;
const NEW_CONNECTION_CLIENTS = 4;

const upFlags = process.argv.slice(2);
const rootDir = flagOf("--root-dir");
const kubeconfig = join(locationsFor(rootDir).lib, "admin.kubeconfig");
const url = `http://127.0.0.1:${flagOf("--http-port") ?? "80"}/`;
const rootFlags = rootDir ? ["--root-dir", rootDir] : [];
const kubectl = findProgram("kubectl");
const applyTool = kubectl ? "kubectl" : "kaji";

function flagOf(name: string): string | undefined {
  const at = upFlags.indexOf(name);
  return at < 0 ? undefined : upFlags[at + 1];
}

function say(line: string): void {
  process.stderr.write(`\u001b[1m==>\u001b[0m ${line}\n`);
}

/** Runs with its progress shown; a failure ends the demo with the command's own words. */
function show(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, KUBECONFIG: kubeconfig },
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args.join(" ")} ended with ${code}`)),
    );
  });
}

/** The base image: Debian's static busybox with links for its commands, imported as a file system. */
async function importBusybox(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kaji-busybox-"));
  try {
    const tar = await busyboxTar(folder);
    await show("./kaji", ["import", tar, "kaji.dev/busybox:latest", ...rootFlags]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildVersion(version: string): Promise<void> {
  await show("./kaji", [
    "build",
    "manifests/demo",
    "--tag",
    `kaji.dev/demo:${version}`,
    "--build-arg",
    `VERSION=${version}`,
    ...rootFlags,
  ]);
}

async function apply(): Promise<void> {
  const files = MANIFESTS.flatMap((file) => ["-f", file]);
  if (kubectl) await show(kubectl, ["apply", ...files]);
  else await show("./kaji", ["apply", ...files, ...rootFlags]);
}

function answer(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { headers: { host: HOST }, agent: false, timeout: 2_000 },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve(response.statusCode === 200 ? body.trim() : undefined));
        response.on("error", () => resolve(undefined));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(undefined));
    outgoing.end();
  });
}

async function until(
  what: string,
  isTrue: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline)
      throw new Error(
        `${what} did not happen within ${timeoutMs / 1000} s: see \`kubectl get pods\` and \`kubectl describe pods\``,
      );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function isRolledOut(version: string): Promise<boolean> {
  const { stdout } = await run(
    "./kaji",
    ["get", "pods", "--selector", "app=demo", "--output", "json", ...rootFlags],
    {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      maxBuffer: 1 << 26,
    },
  );
  const { items } = JSON.parse(stdout) as {
    items: {
      spec: { containers: { image: string }[] };
      status?: { conditions?: { type: string; status: string }[] };
    }[];
  };
  return (
    items.length === 3 &&
    items.every(({ spec, status }) => {
      const isReady = status?.conditions?.some(
        ({ type, status: value }) => type === "Ready" && value === "True",
      );
      return isReady && spec.containers[0]?.image === `kaji.dev/demo:${version}`;
    })
  );
}

async function setImage(version: string): Promise<void> {
  const patch = JSON.stringify({
    spec: {
      template: { spec: { containers: [{ name: "web", image: `kaji.dev/demo:${version}` }] } },
    },
  });
  if (kubectl) await show(kubectl, ["patch", "deployment", "demo", "--patch", patch]);
  else await show("./kaji", ["patch", "deployment", "demo", "--patch", patch, ...rootFlags]);
}

const ms = (value: number): string => `${Math.round(value)} ms`;

async function main(): Promise<void> {
  say("Starting the cluster of this machine");
  await show("./kaji", ["up", ...upFlags]);
  say("Building the demo app's image, twice: v1 and v2");
  await importBusybox();
  await buildVersion("v1");
  await buildVersion("v2");
  say(`Applying manifests/demo with ${applyTool}`);
  const appliedMs = performance.now();
  await apply();
  await until("an answer through nginx", async () => (await answer()) !== undefined, 60_000);
  const firstAnswer = performance.now() - appliedMs;
  await until("three ready pods", () => isRolledOut("v1"), 60_000);
  say("Swapping v1 for v2 while requests flow");
  const load = startLoad({
    url,
    host: HOST,
    keepAliveClients: KEEP_ALIVE_CLIENTS,
    newConnectionClients: NEW_CONNECTION_CLIENTS,
    pauseMs: 5,
  });
  const swapMs = performance.now();
  await setImage("v2");
  await until("the swap", () => isRolledOut("v2"), 120_000);
  const swap = performance.now() - swapMs;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const { requests, failures, bodies } = await load.stop();
  await show("./kaji", ["ps", ...rootFlags]);
  report({ firstAnswer, requests, failures, bodies, swap });
  process.exitCode = failures.length === 0 && bodies.has("hello from v2") ? 0 : 1;
}

function report(figures: {
  firstAnswer: number;
  requests: number;
  failures: readonly string[];
  bodies: ReadonlyMap<string, number>;
  swap: number;
}): void {
  const rows: [string, string][] = [
    ["from apply to the first answer through nginx", ms(figures.firstAnswer)],
    ["swap of 3 pods, v1 to v2", ms(figures.swap)],
    ["requests sent during the swap", String(figures.requests)],
    ["requests failed", String(figures.failures.length)],
    ...[...figures.bodies].map(([body, count]): [string, string] => [
      `answers "${body}"`,
      String(count),
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log(`\n${rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n")}\n`);
  for (const failure of new Set(figures.failures)) console.log(`  failed: ${failure}`);
  const quoted = rootDir ? ` --root-dir ${rootDir}` : "";
  console.log(`The cluster is running. Look at it:
  export KUBECONFIG=${kubeconfig}
  ${kubectl ? "kubectl" : "./kaji"} get pods
  curl -H 'Host: ${HOST}' ${url}
  ./kaji ingress status${quoted}
Stop it (and get the host back as it was):
  ./kaji down${quoted}`);
}

try {
  await main();
} catch (error) {
  console.error(
    `kaji: the demo stopped: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
}
