import { controllerOf, type KubeObject } from "#api/machinery/meta";
import { type Link, Links, type Place } from "#control-plane/apiserver/observability/links";
import type { StoreListener } from "#control-plane/apiserver/observability/measured-store";
import { RecentMap } from "#kit/recent-map";
import {
  beginSpan,
  type EndSpan,
  formatTraceparent,
  newSpanId,
  newTraceId,
  objectSpans,
  preciseNow,
  type RequestTrace,
  type Span,
  type SpanFields,
  SpanRing,
  type Spans,
  type TraceParent,
} from "#kit/trace";

/** Spans without a trace, for other servers to join: what is done all the time must not push out what is followed. */
const MAX_LOOSE = 4_096;
/**
 * Of a span that begins a trace for want of a link: the uid of the object's controller, "" without one. The link may
 * be at another server.
 */
export const OWNER_FIELD = "owner";
/** Commits whose watch event has not come yet. */
const MAX_COMMITS = 1_024;

export interface WriteOfObject {
  readonly trace: RequestTrace | undefined;
  /** "create", "update", ... */
  readonly verb: string;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly object: KubeObject;
  /** Where the store has it. */
  readonly key?: string;
  readonly isOwn: boolean;
  readonly startMs: number;
  readonly fields: SpanFields;
}

export interface ObjectTracesOptions {
  /** Of users' writes that bring no trace: 0 to 1. */
  readonly ratio: number;
  /** Other servers follow writes too: what this one does about objects that it does not follow is kept as well. */
  hasPeers?(): boolean;
  readonly now?: () => number;
  readonly random?: () => number;
}

/**
 * Traces follow objects, and nothing is written on objects (docs/decisions/0045). A user's write begins a trace and
 * leaves a link at the object's uid; whoever of the control plane writes that object, or one that it owns, goes on
 * with the trace of the newest link. Binding, scheduling and what the nodes say are found by the pod's uid.
 *
 * Where other servers write too, a link is followed until one of them has written the object. What is done about an
 * object without a link is kept loose, or begins a trace that names the object's owner: who asks puts it together.
 */
export class ObjectTraces implements Spans, StoreListener {
  readonly ring = new SpanRing();
  readonly loose = new SpanRing(MAX_LOOSE);
  private readonly links = new Links();
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
    const place = this.placeOf(write);
    if (place) this.links.wroteHere(uid, place);
    const link = this.linkOf(write);
    if (!link && !place) return;
    // A status that a part of the cluster tells is followed by others, and leads to nothing by itself.
    if (link && (write.subresource !== "status" || write.trace)) {
      this.links.set(uid, link.next, place);
    }
    if (link?.next.traceId === "") return;
    const { traceId, spanId } = link?.next ?? { traceId: "", spanId: newSpanId() };
    const about = nameOf(write.resource, object);
    (link ? this.ring : this.loose).add({
      traceId,
      spanId,
      parentId: link?.parentId ?? "",
      component: "apiserver",
      name: spanName(write.verb, write.resource, write.subresource),
      uid,
      object: about,
      startMs,
      endMs: this.now(),
      fields: place && link?.isBegun ? { ...fields, [OWNER_FIELD]: ownerUidOf(object) } : fields,
    });
    if (link) this.awaitCommit(Number(resourceVersion), { traceId, spanId, uid, object: about });
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
    if (link?.traceId === "") return nothing;
    if (link) {
      const { traceId, spanId: parentId } = link;
      return beginSpan(this.ring, this.now, { traceId, parentId, component, name, uid, object });
    }
    if (this.options.ratio === 0 || !this.options.hasPeers?.()) return nothing;
    return objectSpans(this.loose, this.now).begin(component, name, uid, object);
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

  watched(revision: number, atMs: number, key = ""): void {
    this.links.changed({ key, revision });
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

  private placeOf({ key, object }: WriteOfObject): Place | undefined {
    if (key === undefined || !this.options.hasPeers?.()) return undefined;
    return { key, revision: Number(object.metadata.resourceVersion ?? 0) };
  }

  private linkOf(write: WriteOfObject): NextLink | undefined {
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
    const next = { traceId, spanId: newSpanId(), bornMs: this.now() };
    return { next, parentId: "", isBegun: isOwn };
  }

  /** Status and binding are of the object itself; any other change may be its owner's doing. */
  private followed(object: KubeObject, subresource: string | undefined): Link | undefined {
    const own = this.alive(object.metadata.uid ?? "");
    const owner = ownerUidOf(object);
    const ofOwner = subresource === undefined && owner ? this.alive(owner) : undefined;
    return own && ofOwner ? (ofOwner.bornMs > own.bornMs ? ofOwner : own) : (own ?? ofOwner);
  }

  private alive(uid: string): Link | undefined {
    return this.links.alive(uid, this.now());
  }
}

interface NextLink {
  readonly next: Link;
  readonly parentId: string;
  /** Nothing is known here that it follows from. */
  readonly isBegun?: boolean;
}

function ownerUidOf(object: KubeObject): string {
  return controllerOf(object)?.uid ?? "";
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
