import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { withClientOf } from "#cli/admin-client";
import { agentFlags } from "#cli/commands/agent";
import { ingressFlags } from "#cli/commands/ingress";
import { serverFlags } from "#cli/commands/server";
import { logFlags, requireRoot } from "#cli/component";
import {
  type CommandContext,
  CommandError,
  defineCommand,
  type Flag,
  rootDirFlag,
} from "#cli/define-command";
import { createJoinToken } from "#cli/join-token";
import {
  type Component,
  componentPid,
  endOrphans,
  isKeptOtherwise,
  keeperPid,
  logFileOf,
  startKept,
} from "#cli/keeper";
import { checkHost, requirePortsFree } from "#cli/host-checks";
import { fatalSentences, logSize } from "#cli/last-words";
import { requireRangesFree } from "#cli/range-checks";
import { untilTrue } from "#cli/wait";
import type { Client } from "#client/client";
import { type Locations, locationsFor } from "#kit/locations";

const READY_TIMEOUT_MS = 60_000;
const MAX_FAILED_STARTS = 3;
const JOIN_TOKEN_TTL_SECONDS = 600;

export const upCommand = defineCommand({
  name: "up",
  group: "cluster",
  summary: "Start a one-machine cluster: control plane, node agent and ingress, kept running",
  flags: [rootDirFlag, ...logFlags, ...serverFlags, ...agentFlags, ...ingressFlags],
  examples: [
    { command: "kaji up", explains: "start, or resume, the cluster of this machine" },
    {
      command: "kaji up --ingress-address 0.0.0.0",
      explains: "let other machines reach the ingress",
    },
  ],
  async run(context) {
    requireRoot("kaji up");
    const startedMs = performance.now();
    const locations = locationsFor(context.flag("root-dir"));
    checkHost();
    for (const component of ["server", "agent", "ingress"] as const)
      await endOrphans(locations, component);
    await requireFreePorts(context, locations);
    requireRangesFree(
      locations,
      ["pod-cidr", "service-cidr"].map((name) => ({
        cidr: context.flag(name) ?? "",
        flag: `--${name}`,
      })),
    );
    const kubeconfig = join(locations.lib, "admin.kubeconfig");
    const place = { locations, signal: context.signal };
    start(context, locations, "server", serverFlags, []);
    await waitFor(place, "server", "the API server", () => isServing(kubeconfig));
    await withClientOf(kubeconfig, async (client) => {
      const tokenFile = await ensureJoinToken(client, locations);
      const apiUrl = `https://${reachable(context.flag("bind-address"))}:${context.flag("api-port")}`;
      start(context, locations, "agent", agentFlags, [
        "--server",
        apiUrl,
        "--token-file",
        tokenFile,
      ]);
      start(context, locations, "ingress", ingressFlags, []);
      const nodeName = (context.flag("node-name") ?? hostname()).toLowerCase();
      await waitFor(
        place,
        "agent",
        `node ${nodeName}`,
        // A node whose agent was killed counts as ready for a while.
        async () =>
          componentPid(locations, "agent") !== undefined && (await isNodeReady(client, nodeName)),
      );
      await waitFor(place, "ingress", "the ingress", async () => isIngressReady(locations));
      rmSync(tokenFile, { force: true });
    });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    context.note(`the cluster is ready after ${seconds} s`);
    context.print(`export KUBECONFIG=${kubeconfig}`);
  },
});

/** Starts a component with the flags that it shares with `kaji up`. */
function start(
  context: CommandContext,
  locations: Locations,
  component: Component,
  shared: readonly Flag[],
  extra: readonly string[],
): void {
  const passed = [...logFlags, ...shared].flatMap((flag) => {
    const value = context.flag(flag.name);
    if (value === undefined) return [];
    // A component runs in another folder than the user.
    return [`--${flag.name}`, flag.value === "FILE" ? resolve(value) : value];
  });
  const root = ["--root-dir", context.flag("root-dir") ?? "/"];
  const program = process.argv[1] ?? "";
  const command = [process.execPath, program, component, ...root, ...passed, ...extra];
  if (isKeptOtherwise(locations, component, command)) {
    context.note(
      `the ${component} runs already, with other flags than these: \`kaji down\`, then this again, changes them`,
    );
  }
  startKept(locations, component, command);
}

async function requireFreePorts(context: CommandContext, locations: Locations): Promise<void> {
  const wanted = [
    { component: "server", address: "bind-address", port: "api-port" },
    { component: "server", address: "bind-address", port: "gateway-port" },
    { component: "ingress", address: "ingress-address", port: "http-port" },
    { component: "ingress", address: "ingress-address", port: "https-port" },
  ] as const;
  // nginx outlives the ingress process, which takes it over.
  const isNginxOurs = existsSync(join(locations.run, "ingress/nginx.pid"));
  const idle = wanted.filter(
    ({ component }) =>
      keeperPid(locations, component) === undefined && !(component === "ingress" && isNginxOurs),
  );
  await requirePortsFree(
    idle.map(({ component, address, port }) => ({
      address: context.flag(address) ?? "127.0.0.1",
      port: Number(context.flag(port)),
      flag: `--${port}`,
      // Another `kaji up` of this root may have started it while we looked.
      isOurs: () => keeperPid(locations, component) !== undefined,
    })),
  );
}

function reachable(bindAddress: string | undefined): string {
  return !bindAddress || bindAddress === "0.0.0.0" || bindAddress === "::"
    ? "127.0.0.1"
    : bindAddress;
}

/** Polls with a deadline. A component that ends with a sentence several times is not waited for: its words are ours. */
async function waitFor(
  { locations, signal }: { readonly locations: Locations; readonly signal: AbortSignal },
  component: Component,
  what: string,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const log = logFileOf(locations, component);
  const fromByte = logSize(log);
  let isUp = false;
  let sentences: string[] = [];
  await untilTrue(
    async () => {
      isUp = await isThere();
      sentences = fatalSentences(log, fromByte);
      return isUp || sentences.length >= MAX_FAILED_STARTS;
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: 25, what: `for ${what}`, signal },
  );
  if (isUp) return;
  const said = sentences.at(-1);
  if (said) throw new CommandError(`${what} did not come up: ${said}`);
  throw new CommandError(
    `${what} was not ready within ${READY_TIMEOUT_MS / 1000} s: ${log} says why`,
  );
}

async function isServing(kubeconfig: string): Promise<boolean> {
  if (!existsSync(kubeconfig)) return false;
  try {
    await withClientOf(kubeconfig, (client) => client.raw("GET", "/readyz"));
    return true;
  } catch {
    // Not listening yet, or still starting: the deadline of waitFor bounds how often this is asked.
    return false;
  }
}

async function isNodeReady(client: Client, name: string): Promise<boolean> {
  const { nodeKind } = await import("#api/kinds/node");
  const nodes = await client.list(nodeKind, { fieldSelector: `metadata.name=${name}` });
  const condition = nodes.items[0]?.status?.conditions?.find(({ type }) => type === "Ready");
  return condition?.status === "True";
}

/** The file of one that was killed names a process that is gone. */
function isIngressReady(locations: Locations): boolean {
  const file = join(locations.run, "ingress/ready");
  const pid = componentPid(locations, "ingress");
  return pid !== undefined && existsSync(file) && Number(readFileSync(file, "utf8")) === pid;
}

/** Also false when its certificate is of a cluster that was replaced, by `kaji restore` for one. */
function hasJoined(locations: Locations): boolean {
  const file = join(locations.lib, "agent/credentials.json");
  const ca = readFileSync(join(locations.lib, "pki/ca.crt"), "utf8");
  return existsSync(file) && readFileSync(file, "utf8").includes(JSON.stringify(ca));
}

/** A node that has no certificate yet joins with a token; the file goes once it has. */
async function ensureJoinToken(client: Client, locations: Locations): Promise<string> {
  const file = join(locations.lib, "agent/join-token");
  mkdirSync(join(locations.lib, "agent"), { recursive: true, mode: 0o700 });
  if (!hasJoined(locations)) {
    const token = await createJoinToken(client, {
      ttlSeconds: JOIN_TOKEN_TTL_SECONDS,
      description: "made by kaji up for this machine",
    });
    writeFileSync(file, token, { mode: 0o600 });
  }
  return file;
}
