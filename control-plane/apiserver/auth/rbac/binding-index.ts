import type { KubeObject } from "#api/machinery/meta";
import { subjectKey } from "#api/rbac/subjects";
import type { ClusterRoleBinding, RoleBinding } from "#api/schema/types";
import type { WatchCache } from "#control-plane/apiserver/storage/watch-cache";

/**
 * The bindings of one kind by whom they bind, so that a decision costs the bindings of its user and not all there
 * are. Follows its watch cache: what is written there is seen here before anyone can ask.
 * Invariant: `bySubject` holds exactly the bindings of the cache, each once under every subject it names; no entry is
 * empty.
 */
export class BindingIndex {
  private readonly cache: WatchCache;
  /** Lists, for they are short and there may be hundreds of thousands of them. */
  private readonly bySubject = new Map<string, Binding[]>();

  constructor(cache: WatchCache) {
    this.cache = cache;
    this.follow();
  }

  /** Bindings in a namespace ("": of cluster roles in the whole cluster) that name the subject. */
  boundTo(subject: string, namespace: string): readonly Binding[] {
    return this.bySubject.get(entryKey(namespace, subject)) ?? [];
  }

  /** A cache that starts over ends its subscriptions; the index starts over with it. */
  private follow(): void {
    this.bySubject.clear();
    for (const { object } of this.cache.range(undefined)) this.add(object as Binding);
    this.cache.subscribe({
      push: ({ type, current, previous }) => {
        if (previous) this.remove(previous.object as Binding);
        if (type !== "DELETED") this.add(current.object as Binding);
      },
      cutOff: () => this.follow(),
    });
  }

  private add(binding: Binding): void {
    for (const entry of entriesOf(binding)) {
      const bound = this.bySubject.get(entry);
      if (bound) bound.push(binding);
      else this.bySubject.set(entry, [binding]);
    }
  }

  private remove(binding: Binding): void {
    const { name } = binding.metadata;
    for (const entry of entriesOf(binding)) {
      const bound = this.bySubject.get(entry) ?? [];
      const at = bound.findIndex(({ metadata }) => metadata.name === name);
      if (at >= 0) bound.splice(at, 1);
      if (bound.length === 0) this.bySubject.delete(entry);
    }
  }
}

export type Binding = KubeObject & (RoleBinding | ClusterRoleBinding);

function entriesOf({ metadata, subjects = [] }: Binding): readonly string[] {
  const { namespace = "" } = metadata;
  const entries: string[] = [];
  for (const subject of subjects) {
    const key = subjectKey(subject, namespace);
    if (key !== undefined) entries.push(entryKey(namespace, key));
  }
  return entries.length > 1 ? [...new Set(entries)] : entries;
}

function entryKey(namespace: string, subject: string): string {
  return `${namespace}/${subject}`;
}
