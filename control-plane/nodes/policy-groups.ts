import { createHash } from "node:crypto";
import type { GroupSpec } from "#api/network-policy/compile";
import { isGroupNamespace, membersOf, type PolicyEndpoint } from "#api/network-policy/endpoint";
import type { Namespace } from "#api/schema/types";
import { type TableChange, VersionedTable } from "#control-plane/nodes/versioned-table";
import { encodeServerMessage } from "#proto/node-gateway";

interface Group {
  readonly spec: GroupSpec;
  readonly table: VersionedTable;
  /** An address that was given on may belong to two for a moment. */
  readonly holders: Map<string, number>;
  users: number;
}

/**
 * Who the peers of the policies are: a group of addresses per selector, shared by every policy and node that needs it,
 * each with a log of its changes.
 *
 * Invariant: a group has exactly the addresses of the endpoints that its selectors match, at all times. A change of an
 * endpoint costs the groups that its namespace can belong to.
 */
export class PolicyGroups {
  private readonly groups = new Map<string, Group>();
  /** Those of one namespace by its name; those that select namespaces under "". */
  private readonly byNamespace = new Map<string, Set<Group>>();
  private readonly endpoints = new Map<string, Map<string, PolicyEndpoint>>();
  private readonly namespaces = new Map<string, Namespace>();
  /** Per namespace the groups that it can belong to; filled when asked. */
  private readonly candidates = new Map<string, Set<Group>>();
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** Another user of the group; it is made for the first. */
  use(spec: GroupSpec): void {
    const known = this.groups.get(spec.id);
    if (known) {
      known.users++;
      return;
    }
    const group = this.createGroup(spec);
    this.groups.set(spec.id, group);
    const place = spec.namespace ?? "";
    this.byNamespace.set(place, (this.byNamespace.get(place) ?? new Set()).add(group));
    for (const name of this.namespacesOf(spec)) {
      if (!this.includes(group, name)) continue;
      this.candidates.get(name)?.add(group);
      for (const endpoint of this.endpoints.get(name)?.values() ?? []) add(group, endpoint);
    }
  }

  release({ id }: GroupSpec): void {
    const group = this.groups.get(id);
    if (!group || --group.users > 0) return;
    this.groups.delete(id);
    const place = group.spec.namespace ?? "";
    const neighbours = this.byNamespace.get(place);
    neighbours?.delete(group);
    if (neighbours?.size === 0) this.byNamespace.delete(place);
    for (const name of this.namespacesOf(group.spec)) this.candidates.get(name)?.delete(group);
  }

  /** Caller must: hold a use of it. */
  tableOf({ id }: GroupSpec): VersionedTable | undefined {
    return this.groups.get(id)?.table;
  }

  /** `key` is the endpoint's own in its namespace; undefined as `next`: it is gone. */
  setEndpoint(namespace: string, key: string, next: PolicyEndpoint | undefined): void {
    const ofNamespace = this.endpoints.get(namespace) ?? new Map<string, PolicyEndpoint>();
    const previous = ofNamespace.get(key);
    if (next) ofNamespace.set(key, next);
    else ofNamespace.delete(key);
    if (ofNamespace.size > 0) this.endpoints.set(namespace, ofNamespace);
    else this.endpoints.delete(namespace);
    for (const group of this.candidatesOf(namespace)) {
      // First what is new: an address that stays is not taken away in between.
      if (next) add(group, next);
      if (previous) remove(group, previous);
    }
  }

  setNamespace(name: string, next: Namespace | undefined): void {
    const endpoints = [...(this.endpoints.get(name)?.values() ?? [])];
    const before = this.candidatesOf(name);
    if (next) this.namespaces.set(name, next);
    else this.namespaces.delete(name);
    this.candidates.delete(name);
    const after = this.candidatesOf(name);
    for (const group of after) {
      if (!before.has(group)) for (const endpoint of endpoints) add(group, endpoint);
    }
    for (const group of before) {
      if (!after.has(group)) for (const endpoint of endpoints) remove(group, endpoint);
    }
  }

  private candidatesOf(namespace: string): Set<Group> {
    const known = this.candidates.get(namespace);
    if (known) return known;
    const possible = [namespace, ""].flatMap((place) => [...(this.byNamespace.get(place) ?? [])]);
    const candidates = new Set(possible.filter((group) => this.includes(group, namespace)));
    if (this.namespaces.has(namespace)) this.candidates.set(namespace, candidates);
    return candidates;
  }

  private namespacesOf({ namespace }: GroupSpec): Iterable<string> {
    return namespace === undefined ? this.namespaces.keys() : [namespace];
  }

  private includes({ spec }: Group, name: string): boolean {
    const namespace = this.namespaces.get(name);
    return namespace !== undefined && isGroupNamespace(spec, namespace);
  }

  private createGroup(spec: GroupSpec): Group {
    const id = wireIdOf(spec);
    const hasPorts = spec.port !== undefined;
    const encode = ({ isFull, keys, removed }: TableChange): Buffer =>
      encodeServerMessage({
        message: "policyGroup",
        policyGroup: { id, isFull, hasPorts, members: [...keys], removed: [...removed] },
      });
    const table = new VersionedTable(encode, this.onChange);
    const gone = { message: "policyGroup", policyGroup: { id, isGone: true } } as const;
    table.farewell = { name: id, bytes: encodeServerMessage(gone) };
    return { spec, table, holders: new Map(), users: 1 };
  }
}

/** As rules call the group: short, and no more than letters and digits whatever selectors say. */
export function wireIdOf({ id }: GroupSpec): string {
  return createHash("sha256").update(id).digest("hex").slice(0, 20);
}

function add({ spec, holders, table }: Group, endpoint: PolicyEndpoint): void {
  for (const member of membersOf(spec, endpoint)) {
    const count = holders.get(member) ?? 0;
    holders.set(member, count + 1);
    if (count === 0) table.touch(member, true);
  }
}

function remove({ spec, holders, table }: Group, endpoint: PolicyEndpoint): void {
  for (const member of membersOf(spec, endpoint)) {
    const count = (holders.get(member) ?? 0) - 1;
    if (count > 0) {
      holders.set(member, count);
      continue;
    }
    holders.delete(member);
    table.touch(member, false);
  }
}
