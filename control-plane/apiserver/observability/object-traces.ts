import type { KubeObject } from "#api/machinery/meta";
import type { StoreListener } from "#control-plane/apiserver/observability/measured-store";
import { RecentMap } from "#kit/recent-map";
import {
  type EndSpan,
  formatTraceparent,
  newSpanId,
  newTraceId,
  preciseNow,
  type RequestTrace,
  type Span,
  type SpanFields,
  SpanRing,
  type Spans,
  type TraceParent,
} from "#kit/trace";

/**
 * Traces follow objects, and nothing is written on objects (docs/decisions/0045). A user's write begins a trace and
 * leaves a link at the object's uid; whoever of the control plane writes that object, or one that it owns, goes on
 * with the trace of the newest link. Binding, scheduling and what the nodes say are found by the pod's uid.
 *
 * Limits: a link is followed for LIFE_MS, MAX_LINKS are kept (the oldest go), spans are in a ring.
 */
export const LIFE_MS = 600_000;
export const MAX_LINKS = 16_384;
/** Commits whose watch event has not come yet. */
const MAX_COMMITS = 1_024;

interface Link {
  /** "": not sampled. */
  readonly traceId: string;
  readonly spanId: string;
  /** When the user's write came that all this follows from. */
  readonly bornMs: number;
  /** Of the write that left the link, by the clock: the newer of two is followed. */
  readonly atMs: number;
}

export interface WriteOfObject {
  readonly trace: RequestTrace | undefined;
  /** "create", "update", ... */
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly object: KubeObject;
  readonly isOwn: boolean;
  readonly startMs: number;
  readonly fields: SpanFields;
}

export interface ObjectTracesOptions {
  /** Of users' writes that bring no trace: 0 to 1. */
  readonly ratio: number;
  readonly now?: () => number;
  readonly random?: () => number;
}

export class ObjectTraces implements Spans, StoreListener {
  readonly ring = new SpanRing();
  private readonly links = new RecentMap<string, Link>(MAX_LINKS);
  private readonly commits = new RecentMap<number, Commit>(MAX_COMMITS);
  private readonly options: ObjectTracesOptions;
  private readonly now: () => number;

  constructor(options: ObjectTracesOptions) {
    this.options = options;
    this.now = options.now ?? preciseNow;
  }

  /** Ids for a request from the network; undefined: nobody wants to follow it. */
  incoming(parent: TraceParent | undefined, isWrite: boolean): RequestTrace | undefined {
    const { ratio, random = Math.random } = this.options;
    if (ratio === 0 || parent?.isSampled === false) return undefined;
    if (!parent && !(isWrite && random() < ratio)) return undefined;
    return { parent, spanId: newSpanId(), traceId: parent?.traceId ?? newTraceId() };
  }

  /** A write has been made; `startMs` is when its request came. */
  wrote(write: WriteOfObject): void {
    const { object, startMs, fields } = write;
    const { uid = "", resourceVersion = "" } = object.metadata;
    if (this.options.ratio === 0 || uid === "") return;
    const link = this.linkOf(write);
    if (!link) return;
    this.links.set(uid, link.next);
    if (link.next.traceId === "") return;
    const about = { uid, object: nameOf(write.resource, object) };
    const { traceId, spanId } = link.next;
    const name = [write.verb, write.resource, write.subresource].filter(Boolean).join(" ");
    this.ring.add({
      ...{ ...about, traceId, spanId, parentId: link.parentId, component: "apiserver", name },
      ...{ startMs, endMs: this.now(), fields: { ...fields, resourceVersion } },
    });
    this.awaitCommit(Number(resourceVersion), { traceId, spanId, ...about });
  }

  /** A read that its caller wants to follow. */
  answered(trace: RequestTrace, name: string, startMs: number, fields: SpanFields): void {
    const { traceId, spanId, parent } = trace;
    const about = { uid: "", object: "", component: "apiserver", name };
    const parentId = parent?.spanId ?? "";
    this.ring.add({ ...about, traceId, spanId, parentId, startMs, endMs: this.now(), fields });
  }

  /** What the control plane does about an object, as long as somebody's write to it is being followed. */
  begin(component: string, name: string, uid: string, object: string): EndSpan {
    const startMs = this.now();
    const link = this.alive(uid);
    if (!link || link.traceId === "") return nothing;
    return (fields = {}) =>
      this.ring.add({
        ...{ traceId: link.traceId, spanId: newSpanId(), parentId: link.spanId },
        ...{ component, name, uid, object, startMs, endMs: this.now(), fields },
      });
  }

  traceIdOf(uid: string): string | undefined {
    return this.alive(uid)?.traceId || undefined;
  }

  committed(revision: number, startMs: number, endMs: number): void {
    this.settle(revision, { startMs, endMs });
  }

  watched(revision: number, atMs: number): void {
    this.settle(revision, { watchedMs: atMs });
  }

  private awaitCommit(revision: number, span: CommitSpan): void {
    this.settle(revision, { span });
  }

  /** Of commit, watch event and answer any may be last; what nobody traces goes by the limit. */
  private settle(revision: number, news: Partial<Commit>): void {
    if (this.options.ratio === 0 || !(revision > 0)) return;
    const commit = { ...this.commits.get(revision), ...news };
    const { span, startMs, endMs, watchedMs } = commit;
    if (!span || startMs === undefined || endMs === undefined || watchedMs === undefined) {
      return this.commits.set(revision, commit);
    }
    this.commits.delete(revision);
    const { traceId, spanId: parentId, uid, object } = span;
    const common = {
      traceId,
      parentId,
      uid,
      object,
      fields: { resourceVersion: String(revision) },
    };
    const stored = { component: "store", name: "commit", startMs, endMs };
    this.ring.add({ ...common, ...stored, spanId: newSpanId() });
    // The event may be read before the writer hears that its write is done.
    const seen = { startMs: Math.min(endMs, watchedMs), endMs: watchedMs };
    this.ring.add({ ...common, component: "watch", name: "event", ...seen, spanId: newSpanId() });
  }

  private linkOf(write: WriteOfObject): { next: Link; parentId: string } | undefined {
    const { trace, object, isOwn } = write;
    const atMs = this.now();
    if (trace) {
      const { traceId, spanId, parent } = trace;
      return { next: { traceId, spanId, bornMs: atMs, atMs }, parentId: parent?.spanId ?? "" };
    }
    const former = this.followed(object, write.subresource);
    if (isOwn && former) {
      return { next: { ...former, spanId: newSpanId(), atMs }, parentId: former.spanId };
    }
    // What nobody's write led to: a status that is told again and again is no trace, but a new object begins one.
    if (isOwn && write.subresource !== undefined) return undefined;
    const { ratio, random = Math.random } = this.options;
    const traceId = isOwn && random() < ratio ? newTraceId() : "";
    return { next: { traceId, spanId: newSpanId(), bornMs: atMs, atMs }, parentId: "" };
  }

  /** Status and binding are of the object itself; any other change may be its owner's doing. */
  private followed({ metadata }: KubeObject, subresource: string | undefined): Link | undefined {
    const own = this.alive(metadata.uid ?? "");
    const owner = metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    const ofOwner = subresource === undefined && owner ? this.alive(owner) : undefined;
    return own && ofOwner ? (ofOwner.bornMs > own.bornMs ? ofOwner : own) : (own ?? ofOwner);
  }

  private alive(uid: string): Link | undefined {
    const link = this.links.get(uid);
    return link && this.now() - link.bornMs < LIFE_MS ? link : undefined;
  }
}

type CommitSpan = Pick<Span, "traceId" | "spanId" | "uid" | "object">;

interface Commit {
  readonly startMs?: number;
  readonly endMs?: number;
  readonly watchedMs?: number;
  readonly span?: CommitSpan;
}

const nothing: EndSpan = () => undefined;

export function nameOf(resource: string, { metadata }: KubeObject): string {
  const { name, namespace } = metadata;
  return `${resource} ${namespace ? `${namespace}/` : ""}${name}`;
}

/** What the caller is told: the server's own span, below its own. */
export function traceparentOf({ traceId, spanId }: RequestTrace): string {
  return formatTraceparent({ traceId, spanId, isSampled: true });
}
