import { existsSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { runAudits } from "#api/audit/index";
import { apiVersionOf } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { kinds } from "#api/kinds/index";
import { nodeKind } from "#api/kinds/node";
import { withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError } from "#cli/define-command";
import { checkHost } from "#cli/host-checks";
import { type Component, keeperPid, logFileOf } from "#cli/keeper";
import { sentenceOf } from "#cli/sentence";
import type { Client } from "#client/client";
import { type Locations, locationsFor } from "#kit/locations";

/** One thing that `kaji doctor` looks at. A problem is a sentence that says what is wrong and what to do. */
export interface Check {
  readonly name: string;
  /** Left out when the API does not answer: that is said once. */
  readonly needsApi?: boolean;
  problems(context: CommandContext): Promise<readonly string[]>;
}

const ANSWER_TIMEOUT_MS = 3_000;

export const API_ANSWERS = "the API answers";

/** In the order in which they build on each other. Adding one: an entry here. */
export const checks: readonly Check[] = [
  { name: "this host has what Kaji needs", problems: async () => problemOf(checkHost) },
  {
    name: "the components run",
    problems: async (context) => componentProblems(locations(context)),
  },
  { name: API_ANSWERS, problems: (context) => askApi(context, apiProblems) },
  {
    name: "every node is ready",
    needsApi: true,
    problems: (context) => askApi(context, nodeProblems),
  },
  {
    name: "the objects agree with each other",
    needsApi: true,
    problems: (context) => askApi(context, auditProblems),
  },
  { name: "the ingress answers", problems: (context) => ingressProblems(locations(context)) },
];

function locations(context: CommandContext): Locations {
  return locationsFor(context.flag("root-dir"));
}

function problemOf(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof CommandError) return [error.message];
    throw error;
  }
}

function componentProblems(places: Locations): readonly string[] {
  const all: readonly Component[] = ["server", "agent", "ingress"];
  return all
    .filter((component) => keeperPid(places, component) === undefined)
    .map((component) => {
      const log = logFileOf(places, component);
      const hint = existsSync(log) ? `; ${log} says how it ended` : "";
      return `the ${component} is not kept running on this host: start it with \`kaji up\`${hint}`;
    });
}

async function askApi(
  context: CommandContext,
  ask: (client: Client) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await withConnection(context, ({ client }) => ask(client));
  } catch (error) {
    return [sentenceOf(error)];
  }
}

async function apiProblems(client: Client): Promise<readonly string[]> {
  await client.raw("GET", "/readyz");
  return [];
}

async function nodeProblems(client: Client): Promise<readonly string[]> {
  const { items } = await client.list(nodeKind);
  if (items.length === 0) return ["the cluster has no node: `kaji up` starts this machine's"];
  return items.flatMap((node) => {
    const { name } = node.metadata;
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status !== "True") {
      const why = ready?.message ?? "it has reported nothing yet";
      return [`node ${name} is not ready (${why}): look at the agent's log on that host`];
    }
    if (node.spec?.unschedulable)
      return [`node ${name} takes no new pods: \`kubectl uncordon ${name}\` changes that`];
    return [];
  });
}

async function auditProblems(client: Client): Promise<readonly string[]> {
  const objects: KubeObject[] = [];
  for (const kind of kinds) {
    const { items } = await client.list(kind);
    objects.push(
      ...items.map((item) => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind })),
    );
  }
  // Controllers may be at work: what holds only at rest is not asked for.
  return runAudits(objects, { atRest: false }).map(
    ({ audit, object, message }) =>
      `${object}: ${message} (${audit}): this is a fault of Kaji; report it with the logs of the server`,
  );
}

async function ingressProblems(places: Locations): Promise<readonly string[]> {
  const socketPath = join(places.run, "ingress/admin.sock");
  const log = logFileOf(places, "ingress");
  const advice = `\`kaji up\` starts it${existsSync(log) ? `, and ${log} says how it ended` : ""}`;
  if (!existsSync(socketPath)) return [`nginx is not running on this host: ${advice}`];
  const status = await new Promise<number | string>((resolve) => {
    const asked = request(
      {
        socketPath,
        path: "/generation",
        headers: { host: "kaji" },
        agent: false,
        timeout: ANSWER_TIMEOUT_MS,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
  return status === 200 ? [] : [`nginx does not answer (${status}): ${advice}`];
}
