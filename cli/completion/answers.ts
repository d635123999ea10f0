import { readFileSync } from "node:fs";
import { kinds } from "#api/kinds/index";
import { pathOf, type Kind } from "#api/machinery/define-kind";
import type { ObjectMeta } from "#api/schema/types";
import { explainers } from "#api/why/index";
import { kubeconfigPath, withConnection, type Connection } from "#cli/admin-client";
import type { Question } from "#cli/completion/candidates";
import type { CommandContext, Completed } from "#cli/define-command";
import { findKind } from "#cli/kind-names";
import { labelsOfRevision } from "#cli/release/revision";

/** Names that are asked for at most: nobody reads more, and a list of all tenants is long. */
const MAX_NAMES = 500;
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const WORKLOADS = ["deployments", "statefulsets", "daemonsets"];
const LOG_SOURCES = ["pods", ...WORKLOADS, "jobs"];

/** What could stand there: words that the cluster or this host knows. Throws where neither answers. */
export async function answersTo(context: CommandContext, question: Question): Promise<string[]> {
  const found = await answer[question.wanted]({ question, context: contextOf(context, question) });
  return found.filter((word) => word.startsWith(question.prefix)).slice(0, MAX_NAMES);
}

/** The command line that is being written says which cluster. */
function contextOf(context: CommandContext, { flags }: Question): CommandContext {
  return { ...context, flag: (name) => flags.get(name) ?? context.flag(name) };
}

interface Contexts {
  readonly contexts?: readonly { readonly name: string }[];
}

interface Asked {
  readonly question: Question;
  readonly context: CommandContext;
}

const answer: Readonly<Record<Completed, (asked: Asked) => Promise<readonly string[]>>> = {
  kinds: async (asked) =>
    asked.question.prefix.includes("/")
      ? pairs(asked, kinds)
      : kinds.flatMap(({ plural, shortNames }) => [plural, ...shortNames]),
  objects: objects,
  pods: (asked) => names(asked, "pods"),
  workloads: (asked) => workloads(asked, WORKLOADS),
  "log-sources": async (asked) => {
    if (asked.question.prefix.includes("/")) return workloads(asked, LOG_SOURCES);
    const pods = await names(asked, "pods");
    return [...pods, ...LOG_SOURCES.map((plural) => `${findKind(kinds, plural).singular}/`)];
  },
  nodes: (asked) => names(asked, "nodes"),
  namespaces: (asked) => names(asked, "namespaces"),
  tenants: (asked) => names(asked, "tenants"),
  plans: (asked) => names(asked, "tenantplans"),
  releases: async (asked) => {
    const found = await metadataOf(asked, findKind(kinds, "secrets"), labelsOfRevision.release);
    return [...new Set(found.flatMap(({ labels }) => labels?.[labelsOfRevision.release] ?? []))];
  },
  images: async ({ context }) => {
    const { openImages } = await import("#cli/images");
    const { rooms } = await import("#cli/rooms");
    const { familiarReference } = await rooms.imageReference();
    const images = await (await openImages(context, "kaji complete")).list();
    return images.flatMap(({ references }) => references.map((name) => familiarReference(name)));
  },
  contexts: async ({ context }) => {
    const { parse } = await import("#cli/yaml");
    const config = parse(readFileSync(kubeconfigPath(context), "utf8")) as Contexts;
    return (config.contexts ?? []).map(({ name }) => name);
  },
  // Shells know the files themselves.
  files: async () => [],
};

/** KIND/NAME, or the name after a KIND. */
async function objects(asked: Asked): Promise<readonly string[]> {
  const { args, prefix, command } = asked.question;
  const [kindName] = args;
  if (kindName !== undefined && !kindName.includes("/")) return names(asked, kindName);
  if (prefix.includes("/")) return pairs(asked, kinds);
  const explained = explainers.map(({ kind }) => `${kind.toLowerCase()}/`);
  return command.name === "why" ? explained : kinds.map(({ singular }) => `${singular}/`);
}

async function workloads(asked: Asked, plurals: readonly string[]): Promise<readonly string[]> {
  if (asked.question.prefix.includes("/")) return pairs(asked, kinds);
  return plurals.map((plural) => `${findKind(kinds, plural).singular}/`);
}

async function pairs(asked: Asked, all: readonly Kind[]): Promise<readonly string[]> {
  const [kindName = ""] = asked.question.prefix.split("/");
  const found = await metadataOf(asked, findKind(all, kindName));
  return found.map(({ name }) => `${kindName}/${name}`);
}

async function names(asked: Asked, kindName: string): Promise<readonly string[]> {
  return (await metadataOf(asked, findKind(kinds, kindName))).map(({ name }) => name);
}

async function metadataOf(
  { context, question }: Asked,
  kind: Kind,
  labelSelector?: string,
): Promise<readonly ObjectMeta[]> {
  return withConnection(context, async (connection) => {
    const namespace = question.flags.get("namespace") ?? connection.namespace;
    return list(connection, pathOf(kind, kind.isNamespaced ? namespace : undefined), labelSelector);
  });
}

async function list(
  { transport }: Connection,
  path: string,
  labelSelector: string | undefined,
): Promise<readonly ObjectMeta[]> {
  const query = new URLSearchParams({ limit: String(MAX_NAMES) });
  if (labelSelector !== undefined) query.set("labelSelector", labelSelector);
  const response = await transport({ method: "GET", path, query, accept: METADATA });
  if (response.status >= 400 || response.type !== "json") return [];
  const { items } = response.value as { readonly items: readonly { metadata: ObjectMeta }[] };
  return items.map(({ metadata }) => metadata);
}
