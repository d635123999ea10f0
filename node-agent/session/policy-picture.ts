import type { PolicyEntry, PolicyGroup, PolicyTable } from "#proto/agent";

/** What the NetworkPolicies say that select pods of this node; live and read-only. */
export interface PolicyState {
  /** By "namespace/name". */
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  /** By the ids that the rules name; one that is absent has no members. */
  readonly groups: ReadonlyMap<string, AddressGroup>;
}

export interface AddressGroup {
  /** Members are "10.244.0.5/tcp/8080" instead of "10.244.0.5". */
  readonly hasPorts: boolean;
  readonly members: ReadonlySet<string>;
}

/**
 * The newest policies of this node, put together from full messages and changes.
 *
 * Invariant: a group is kept while the server keeps it for this connection. After a reconnect those that the full table
 * of policies does not name are from before, and go.
 */
export class PolicyPicture {
  private readonly policies = new Map<string, PolicyEntry>();
  private readonly groups = new Map<string, { hasPorts: boolean; members: Set<string> }>();

  applyTable(message: PolicyTable): PolicyState {
    if (message.isFull) this.policies.clear();
    for (const entry of message.policies ?? []) {
      this.policies.set(`${entry.namespace ?? ""}/${entry.name ?? ""}`, entry);
    }
    for (const key of message.removed ?? []) this.policies.delete(key);
    if (message.isFull) this.forgetUnnamed();
    return this.state();
  }

  applyGroup(message: PolicyGroup): PolicyState {
    const { id = "", hasPorts = false } = message;
    if (message.isGone) {
      this.groups.delete(id);
      return this.state();
    }
    const before = message.isFull ? [] : (this.groups.get(id)?.members ?? []);
    const members = new Set([...before, ...(message.members ?? [])]);
    for (const member of message.removed ?? []) members.delete(member);
    this.groups.set(id, { hasPorts, members });
    return this.state();
  }

  private forgetUnnamed(): void {
    const rules = [...this.policies.values()].flatMap(({ ingress, egress }) => [
      ...(ingress ?? []),
      ...(egress ?? []),
    ]);
    const named = new Set(
      rules.flatMap((rule) => [...(rule.peerGroups ?? []), ...(rule.destinationGroups ?? [])]),
    );
    for (const id of this.groups.keys()) if (!named.has(id)) this.groups.delete(id);
  }

  private state(): PolicyState {
    return { policies: this.policies, groups: this.groups };
  }
}
