import { encodeBackend } from "#ingress/plan/backends";
import type { IngressPlan } from "#ingress/plan/plan";
import { encodeHost } from "#ingress/plan/routes";

/**
 * The plan as entries of nginx's shared dictionaries: what Lua reads at each request (ingress/lua). Flat text,
 * because Debian's nginx has no JSON for Lua: fields are separated by tabs, records by newlines; neither can
 * stand in a host, a path (validation refuses control characters) or an address.
 */
export type Dictionary = "routes" | "backends" | "certificates";

export interface Entries {
  readonly routes: ReadonlyMap<string, string>;
  readonly backends: ReadonlyMap<string, string>;
  readonly certificates: ReadonlyMap<string, string>;
}

export type EntryChange =
  | {
      readonly type: "set";
      readonly dictionary: Dictionary;
      readonly key: string;
      readonly value: string;
    }
  | { readonly type: "delete"; readonly dictionary: Dictionary; readonly key: string };

/** All hosts share the dictionary's room: no host's Ingresses take it from the others (a file of passwords is long). */
const MAX_HOST_CHARS = 1_048_576;
const TOO_LONG = encodeHost({
  routes: [
    {
      ...{ type: "prefix", path: "/", backend: "" },
      policy: new Map([["closed", "the Ingresses of this host come to more than 1 MiB"]]),
    },
  ],
});

/** A dictionary cannot hold an empty key: "" (every other host) is stored under this one. */
export const DEFAULT_HOST = "*";
const dictionaries: readonly Dictionary[] = ["certificates", "backends", "routes"];

export const noEntries: Entries = {
  routes: new Map(),
  backends: new Map(),
  certificates: new Map(),
};

export function entriesOf(plan: IngressPlan): Entries {
  const routes = new Map<string, string>();
  for (const [host, hostPlan] of plan.hosts) {
    const entry = encodeHost(hostPlan);
    routes.set(host || DEFAULT_HOST, entry.length > MAX_HOST_CHARS ? TOO_LONG : entry);
  }
  const backends = new Map<string, string>();
  for (const [backend, endpoints] of plan.backends)
    backends.set(backend, encodeBackend(endpoints, plan.options.get(backend)));
  const certificates = new Map<string, string>();
  for (const [host, { certificatePem, keyPem }] of plan.certificates) {
    certificates.set(host || DEFAULT_HOST, `${certificatePem}\t${keyPem}`);
  }
  return { routes, backends, certificates };
}

/** What leads from one state to another: backends before the routes that name them, deletions last. */
export function changesBetween(from: Entries, to: Entries): EntryChange[] {
  const sets: EntryChange[] = [];
  const deletions: EntryChange[] = [];
  for (const dictionary of dictionaries) {
    for (const [key, value] of to[dictionary]) {
      if (from[dictionary].get(key) !== value) sets.push({ type: "set", dictionary, key, value });
    }
    for (const key of from[dictionary].keys()) {
      if (!to[dictionary].has(key)) deletions.push({ type: "delete", dictionary, key });
    }
  }
  return [...sets, ...deletions.reverse()];
}

/** The wire and file form: `set DICTIONARY KEYBYTES VALUEBYTES\nKEYVALUE`, `delete DICTIONARY KEYBYTES\nKEY`. */
export function encodeChanges(changes: readonly EntryChange[]): Buffer {
  const parts: Buffer[] = [];
  for (const change of changes) {
    const key = Buffer.from(change.key);
    if (change.type === "delete") {
      parts.push(Buffer.from(`delete ${change.dictionary} ${key.length}\n`), key);
      continue;
    }
    const value = Buffer.from(change.value);
    parts.push(Buffer.from(`set ${change.dictionary} ${key.length} ${value.length}\n`), key, value);
  }
  return Buffer.concat(parts);
}
