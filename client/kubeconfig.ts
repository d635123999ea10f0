import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { RestOptions } from "#client/rest";
import { parse } from "yaml";

export interface Kubeconfig {
  readonly context: string;
  /** Where requests without a namespace go. */
  readonly namespace: string;
  readonly rest: RestOptions;
  /** Every server of the cluster that the file names, the one that other programs use first. */
  readonly servers: readonly string[];
}

/** The extension of a cluster's entry that lists its servers; kubectl passes over it. */
export const SERVERS_EXTENSION = "kaji.dev/servers";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads one kubeconfig file and picks a context (undefined: current-context). Certificates and tokens may
 * stand in it or in files beside it. Source: Kubernetes page "Organizing Cluster Access Using kubeconfig Files".
 */
export async function loadKubeconfig(path: string, contextName?: string): Promise<Kubeconfig> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Error(`cannot read the kubeconfig ${path}`, { cause });
  });
  const config = parseFile(path, text);
  const name = contextName ?? textOf(config, "current-context");
  if (!name) throw new Error(`the kubeconfig ${path} sets no current-context`);
  const context = entryOf(path, config, "contexts", "context", name);
  const cluster = entryOf(path, config, "clusters", "cluster", textOf(context, "cluster") ?? "");
  const userName = textOf(context, "user");
  const user = userName ? entryOf(path, config, "users", "user", userName) : {};
  refuseUnsupported(path, user);
  const server = textOf(cluster, "server");
  if (!server) throw new Error(`the kubeconfig ${path} gives no server for context "${name}"`);
  const read = (fields: Fields, field: string) => contentOf(path, fields, field);
  const token = textOf(user, "token") ?? (await tokenFromFile(path, user));
  return {
    servers: [...new Set([server, ...serversOf(cluster)])],
    context: name,
    namespace: textOf(context, "namespace") ?? "default",
    rest: {
      server,
      ...present("ca", await read(cluster, "certificate-authority")),
      ...present("cert", await read(user, "client-certificate")),
      ...present("key", await read(user, "client-key")),
      ...present("token", token),
      ...(cluster["insecure-skip-tls-verify"] === true ? { isInsecure: true } : {}),
    },
  };
}

function serversOf(cluster: Fields): string[] {
  const { extensions } = cluster;
  const found = Array.isArray(extensions)
    ? extensions.find((one: unknown) => isFields(one) && one["name"] === SERVERS_EXTENSION)
    : undefined;
  const extension: unknown = isFields(found) ? found["extension"] : undefined;
  const servers = isFields(extension) ? extension["servers"] : undefined;
  return Array.isArray(servers) ? servers.filter((one) => typeof one === "string") : [];
}

function parseFile(path: string, text: string): Fields {
  let config: unknown;
  try {
    config = parse(text);
  } catch (cause) {
    throw new Error(`the kubeconfig ${path} is not valid YAML`, { cause });
  }
  if (!isFields(config)) throw new Error(`the kubeconfig ${path} is empty or not a mapping`);
  return config;
}

/** The entry called `name` in a list such as `clusters`. */
function entryOf(path: string, config: Fields, list: string, field: string, name: string): Fields {
  const entries = config[list];
  const entry = Array.isArray(entries)
    ? entries.find((item: unknown) => isFields(item) && item["name"] === name)
    : undefined;
  const fields: unknown = isFields(entry) ? entry[field] : undefined;
  if (!isFields(fields)) {
    const names = (Array.isArray(entries) ? entries : []).flatMap((item: unknown) =>
      isFields(item) ? (textOf(item, "name") ?? []) : [],
    );
    const known = names.length > 0 ? `: it has ${names.join(", ")}` : "";
    throw new Error(`the kubeconfig ${path} has no ${field} "${name}"${known}`);
  }
  return fields;
}

/** `field`-data in base64, or the file that `field` names, relative to the kubeconfig. */
async function contentOf(path: string, fields: Fields, field: string) {
  const inline = textOf(fields, `${field}-data`);
  if (inline) return Buffer.from(inline, "base64").toString();
  const file = textOf(fields, field);
  return file ? readFile(resolve(dirname(path), file), "utf8") : undefined;
}

async function tokenFromFile(path: string, user: Fields): Promise<string | undefined> {
  const file = textOf(user, "tokenFile");
  return file ? (await readFile(resolve(dirname(path), file), "utf8")).trim() : undefined;
}

function refuseUnsupported(path: string, user: Fields): void {
  for (const field of ["exec", "auth-provider", "username"]) {
    if (user[field] === undefined) continue;
    throw new Error(
      `the kubeconfig ${path} asks for "${field}" credentials, which this client does not support; use a certificate or a token`,
    );
  }
}

function present<N extends string>(name: N, value: string | undefined): { [K in N]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [K in N]?: string };
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
