import type {
  ClusterEvent,
  ClusterView,
  Plugin,
  PodToPlace,
  RetryHints,
} from "#control-plane/scheduler/framework";

/** What is needed of a pod that waits for an event. */
interface AsidePod {
  readonly pod: PodToPlace;
  readonly refusedBy: ReadonlySet<string>;
  readonly asideSinceMs: number;
}

interface Group<T> {
  readonly key: string;
  readonly plugins: readonly Plugin[];
  /** The node that is kept for these pods; undefined: none. */
  readonly keptAt: string | undefined;
  readonly pods: Set<T>;
}

type Hint = (event: ClusterEvent, pod: PodToPlace, view: ClusterView) => boolean;

/**
 * Pods set aside, grouped by who refused them: an event that none of a group's plugins names costs nothing,
 * however many pods wait. A pod for which a node is kept (its victims are ending there) hears of room on that node
 * alone, so that the end of a thousand victims does not ask a thousand pods each time. Part of the SchedulingQueue.
 */
export class AsidePods<T extends AsidePod> {
  private readonly plugins: ReadonlyMap<string, Plugin>;
  private readonly view: ClusterView;
  private readonly groups = new Map<string, Group<T>>();
  /** By the node that is kept. */
  private readonly kept = new Map<string, Map<string, Group<T>>>();
  /** In the order of being set aside. */
  private readonly all = new Map<T, Group<T>>();

  constructor(plugins: readonly Plugin[], view: ClusterView) {
    this.plugins = new Map(plugins.map((plugin) => [plugin.name, plugin]));
    this.view = view;
  }

  /** When the pod that waits longest was set aside. */
  get oldestSinceMs(): number | undefined {
    for (const { asideSinceMs } of this.all.keys()) return asideSinceMs;
    return undefined;
  }

  add(entry: T): void {
    const names = [...entry.refusedBy].sort();
    const keptAt = this.view.snapshot.nominatedNode(entry.pod.key)?.name;
    const groups = this.groupsAt(keptAt);
    const key = names.join(",");
    let group = groups.get(key);
    if (!group) {
      const plugins = names.flatMap((name) => this.plugins.get(name) ?? []);
      group = { key, plugins, keptAt, pods: new Set() };
      groups.set(key, group);
    }
    group.pods.add(entry);
    this.all.set(entry, group);
  }

  delete(entry: T): void {
    const group = this.all.get(entry);
    if (!group) return;
    this.all.delete(entry);
    group.pods.delete(entry);
    if (group.pods.size > 0) return;
    const groups = this.groupsAt(group.keptAt);
    groups.delete(group.key);
    if (groups.size === 0 && group.keptAt !== undefined) this.kept.delete(group.keptAt);
  }

  private groupsAt(nodeName: string | undefined): Map<string, Group<T>> {
    if (nodeName === undefined) return this.groups;
    const known = this.kept.get(nodeName);
    if (known) return known;
    const groups = new Map<string, Group<T>>();
    this.kept.set(nodeName, groups);
    return groups;
  }

  longerThan(sinceMs: number): T[] {
    const found: T[] = [];
    for (const entry of this.all.keys()) {
      if (entry.asideSinceMs > sinceMs) break;
      found.push(entry);
    }
    return found;
  }

  helpedBy(event: ClusterEvent): T[] {
    const found: T[] = [];
    for (const { plugins, pods } of this.groupsThatHear(event)) {
      const hints = hintsFor(event, plugins);
      if (plugins.length > 0 && hints.length === 0) continue;
      for (const entry of pods) {
        if (plugins.length === 0 || this.isHelped(event, entry.pod, hints)) found.push(entry);
      }
    }
    return found;
  }

  private *groupsThatHear(event: ClusterEvent): Generator<Group<T>, void, undefined> {
    yield* this.groups.values();
    if (event.type === "podGone") yield* this.kept.get(event.nodeName)?.values() ?? [];
    else for (const groups of this.kept.values()) yield* groups.values();
  }

  /** Whether the event can help a pod that was just refused. */
  helps(event: ClusterEvent, { pod, refusedBy }: T): boolean {
    const plugins = [...refusedBy].flatMap((name) => this.plugins.get(name) ?? []);
    if (plugins.length === 0) return true;
    return this.isHelped(event, pod, hintsFor(event, plugins));
  }

  private isHelped(event: ClusterEvent, pod: PodToPlace, hints: readonly Hint[]): boolean {
    return hints.some((hint) => hint(event, pod, this.view));
  }
}

function hintsFor(event: ClusterEvent, plugins: readonly Plugin[]): Hint[] {
  return plugins.flatMap(({ retryOn }) => {
    // The table is keyed by the type of the event that each hint takes.
    const hint = retryOn[event.type] as RetryHints[keyof RetryHints] as Hint | undefined;
    return hint ? [hint] : [];
  });
}
