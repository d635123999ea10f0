import type { KubeObject } from "#api/machinery/meta";
import type { StoreListener } from "#control-plane/apiserver/observability/measured-store";
import { RecentMap } from "#kit/recent-map";
import {
  beginSpan,
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
  /** When the user's write came that all this follows from: the newer of two is followed. */
  readonly bornMs: number;
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
    const { uid = "", resourceVersion } = object.metadata;
    if (this.options.ratio === 0 || uid === "") return;
    const link = this.linkOf(write);
    if (!link) return;
    // A status that a part of the cluster tells is followed by others, and leads to nothing by itself.
    if (write.subresource !== "status" || write.trace) this.links.set(uid, link.next);
    if (link.next.traceId === "") return;
    const { traceId, spanId } = link.next;
    const { parentId } = link;
    const about = nameOf(write.resource, object);
    const name = spanName(write.verb, write.resource, write.subresource);
    const endMs = this.now();
    const component = "apiserver";
    this.ring.add({
      traceId,
      spanId,
      parentId,
      component,
      name,
      uid,
      object: about,
      startMs,
      endMs,
      fields,
    });
    this.awaitCommit(Number(resourceVersion), { traceId, spanId, uid, object: about });
  }

  /** A read that its caller wants to follow. */
  answered(trace: RequestTrace, name: string, startMs: number, fields: SpanFields): void {
    const { traceId, spanId, parent } = trace;
    const parentId = parent?.spanId ?? "";
    const endMs = this.now();
    const component = "apiserver";
    const none = { uid: "", object: "" };
    this.ring.add({ ...none, traceId, spanId, parentId, component, name, startMs, endMs, fields });
  }

  /** What the control plane does about an object, as long as somebody's write to it is being followed. */
  begin(component: string, name: string, uid: string, object: string): EndSpan {
    const link = this.alive(uid);
    if (!link || link.traceId === "") return nothing;
    const { traceId, spanId: parentId } = link;
    return beginSpan(this.ring, this.now, { traceId, parentId, component, name, uid, object });
  }

  traceIdOf(uid: string): string | undefined {
    return this.alive(uid)?.traceId || undefined;
  }

  committed(revision: number, startMs: number, endMs: number): void {
    const commit = this.commitOf(revision);
    if (!commit) return;
    commit.startMs = startMs;
    commit.endMs = endMs;
    this.settle(revision, commit);
  }

  watched(revision: number, atMs: number): void {
    const commit = this.commitOf(revision);
    if (!commit) return;
    commit.watchedMs = atMs;
    this.settle(revision, commit);
  }

  private awaitCommit(revision: number, span: CommitSpan): void {
    const commit = this.commitOf(revision);
    if (!commit) return;
    commit.span = span;
    this.settle(revision, commit);
  }

  private commitOf(revision: number): Commit | undefined {
    if (this.options.ratio === 0 || !(revision > 0)) return undefined;
    const known = this.commits.get(revision);
    if (known) return known;
    const fresh = new Commit();
    this.commits.set(revision, fresh);
    return fresh;
  }

  /** Of commit, watch event and answer any may be last; what nobody traces goes by the limit. */
  private settle(revision: number, { span, startMs, endMs, watchedMs }: Commit): void {
    if (!span || startMs === 0 || watchedMs === 0) return;
    this.commits.delete(revision);
    const { traceId, spanId: parentId, uid, object } = span;
    const fields = { resourceVersion: String(revision) };
    const about = { traceId, parentId, uid, object, fields };
    this.ring.add(storeSpan(about, "store", "commit", startMs, endMs));
    // The event may be read before the writer hears that its write is done.
    const seenMs = Math.min(endMs, watchedMs);
    this.ring.add(storeSpan(about, "watch", "event", seenMs, watchedMs));
  }

  private linkOf(write: WriteOfObject): { next: Link; parentId: string } | undefined {
    const { trace, object, isOwn } = write;
    if (trace) {
      const { traceId, spanId, parent } = trace;
      return { next: { traceId, spanId, bornMs: this.now() }, parentId: parent?.spanId ?? "" };
    }
    const former = this.followed(object, write.subresource);
    if (isOwn && former) {
      const { traceId, bornMs, spanId: parentId } = former;
      return { next: { traceId, spanId: newSpanId(), bornMs }, parentId };
    }
    // What nobody's write led to: a status that is told again and again is no trace, but a new object begins one.
    if (isOwn && write.subresource !== undefined) return undefined;
    const { ratio, random = Math.random } = this.options;
    const traceId = isOwn && random() < ratio ? newTraceId() : "";
    return { next: { traceId, spanId: newSpanId(), bornMs: this.now() }, parentId: "" };
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

/** 0: not heard yet. */
class Commit {
  startMs = 0;
  endMs = 0;
  watchedMs = 0;
  span: CommitSpan | undefined;
}

function storeSpan(
  about: Pick<Span, "traceId" | "parentId" | "uid" | "object" | "fields">,
  component: string,
  name: string,
  startMs: number,
  endMs: number,
): Span {
  const { traceId, parentId, uid, object, fields } = about;
  const spanId = newSpanId();
  return { traceId, spanId, parentId, component, name, uid, object, startMs, endMs, fields };
}

const nothing: EndSpan = () => undefined;

/** Of the few that there are each text is made once: by resource, then by verb and subresource. */
const spanNames = new Map<string, Map<string, string>>();

export function spanName(verb: string, resource: string, subresource?: string): string {
  const ofResource = spanNames.get(resource) ?? new Map<string, string>();
  spanNames.set(resource, ofResource);
  const key = subresource === undefined ? verb : verb + subresource;
  const known = ofResource.get(key);
  if (known !== undefined) return known;
  const name = [verb, resource, subresource].filter(Boolean).join(" ");
  ofResource.set(key, name);
  return name;
}

export function nameOf(resource: string, { metadata }: KubeObject): string {
  const { name, namespace } = metadata;
  return `${resource} ${namespace ? `${namespace}/` : ""}${name}`;
}

/** What the caller is told: the server's own span, below its own. */
export function traceparentOf({ traceId, spanId }: RequestTrace): string {
  return formatTraceparent({ traceId, spanId, isSampled: true });
}
