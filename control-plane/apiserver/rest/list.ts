import { apiVersionOf, type Kind } from "#api/machinery/define-kind";
import type { KubeList } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import type { RestContext, ResourceRequest } from "#control-plane/apiserver/rest/context";
import { integerOf, revisionOf } from "#control-plane/apiserver/rest/options";
import { selectedName, type Selection, selectionOf } from "#control-plane/apiserver/rest/selection";
import { decodeContinue, encodeContinue } from "#control-plane/apiserver/serving/continue-token";
import { decodeStored, type StoredObject } from "#control-plane/apiserver/storage/codec";
import { collectionPrefix } from "#control-plane/apiserver/storage/keys";
import { CompactedError } from "#control-plane/store/store";

/** One page of a collection, or all of it, as it was at `revision`. */
export interface Listing {
  readonly items: readonly StoredObject[];
  readonly revision: number;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

interface PageRequest {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly selects: Selection;
  /** The only name that `selects` accepts, where it says one. */
  readonly name: string | undefined;
  /** undefined: no limit. */
  readonly limit: number | undefined;
  readonly after?: string;
}

export async function list(context: RestContext, request: ResourceRequest): Promise<Listing> {
  const { kind, namespace } = request;
  const { query } = request.request;
  const selects = selectionOf(kind, query, request.name);
  const limit = integerOf(query, "limit") || undefined;
  const isAddressed = !kind.isNamespaced || namespace !== undefined;
  const name = isAddressed ? selectedName(query, request.name) : undefined;
  const page: PageRequest = { kind, namespace, selects, name, limit };
  const token = query.get("continue");
  const match = query.get("resourceVersionMatch");
  const revision = revisionOf(query.get("resourceVersion"));
  if (token) {
    if (revision) {
      throw errors.badRequest("specifying resource version is not allowed when using continue");
    }
    const start = decodeContinue(token, collectionPrefix(kind, namespace));
    return listAt(context, { ...page, after: start.key }, start.revision);
  }
  if (match && revision === undefined) {
    throw errors.badRequest("resourceVersionMatch is forbidden unless resourceVersion is provided");
  }
  if (match === "Exact" || (revision && limit && !match)) {
    if (!revision) {
      throw errors.badRequest('resourceVersionMatch "Exact" is forbidden for resourceVersion "0"');
    }
    return listAt(context, page, revision);
  }
  if (revision === undefined) await context.feed.fresh();
  else await context.feed.reach(revision);
  const found = pageOf(context, page, context.feed.revision);
  // Its next pages are read in memory although the kind is written to: reading the past from the store is slow.
  if (found.continueToken) context.feed.cacheOf(kind).keepSnapshot(found.revision);
  return found;
}

/** A page at a revision of the past: from the cache while that kind has not changed since, else from the store. */
async function listAt(context: RestContext, page: PageRequest, revision: number): Promise<Listing> {
  await context.feed.reach(revision);
  const cache = context.feed.cacheOf(page.kind);
  if (cache.lastChangeRevision <= revision) return pageOf(context, page, revision);
  const kept = cache.snapshotAfter(revision, page.namespace, page.after ?? "");
  if (kept) return pageOfSnapshot(page, kept, revision);
  return pageFromStore(context, page, revision);
}

function pageOfSnapshot(
  page: PageRequest,
  kept: readonly StoredObject[],
  revision: number,
): Listing {
  const items: StoredObject[] = [];
  for (const [at, stored] of kept.entries()) {
    if (page.limit !== undefined && items.length === page.limit) {
      return listing(page, items, revision, kept.length - at);
    }
    if (!page.selects || page.selects(stored.object)) items.push(stored);
  }
  return listing(page, items, revision, 0);
}

function pageOf(context: RestContext, page: PageRequest, revision: number): Listing {
  const cache = context.feed.cacheOf(page.kind);
  const items: StoredObject[] = [];
  if (page.name !== undefined) {
    const stored = cache.get(page.namespace, page.name);
    if (stored && page.selects?.(stored.object)) items.push(stored);
    return listing(page, items, revision, 0);
  }
  let remaining = 0;
  for (const stored of cache.range(page.namespace, page.after)) {
    if (page.limit !== undefined && items.length === page.limit) {
      const lastKey = items.at(-1)?.key ?? "";
      remaining = page.selects ? 1 : cache.countAfter(page.namespace, lastKey);
      break;
    }
    if (!page.selects || page.selects(stored.object)) items.push(stored);
  }
  return listing(page, items, revision, remaining);
}

async function pageFromStore(
  context: RestContext,
  page: PageRequest,
  revision: number,
): Promise<Listing> {
  const prefix = collectionPrefix(page.kind, page.namespace);
  const items: StoredObject[] = [];
  let after = page.after;
  for (;;) {
    const limit = page.limit === undefined ? STORE_PAGE : page.limit - items.length;
    const chunk = await context.store
      .list({ prefix, limit, revision, ...(after === undefined ? {} : { after }) })
      .catch((error: unknown) => {
        throw error instanceof CompactedError ? expired(page.after !== undefined) : error;
      });
    for (const { key, value, modRevision } of chunk.keyValues) {
      const stored = decodeStored(key, value, modRevision);
      if (!page.selects || page.selects(stored.object)) items.push(stored);
    }
    after = chunk.keyValues.at(-1)?.key ?? after;
    const isFull = page.limit !== undefined && items.length >= page.limit;
    if (!chunk.hasMore) return listing(page, items, revision, 0);
    if (isFull) return listing(page, items, revision, chunk.remaining, after);
  }
}

function listing(
  page: PageRequest,
  items: StoredObject[],
  revision: number,
  remaining: number,
  lastKey = items.at(-1)?.key,
): Listing {
  if (remaining === 0 || lastKey === undefined) return { items, revision };
  return {
    items,
    revision,
    continueToken: encodeContinue({ revision, key: lastKey }),
    ...(page.selects ? {} : { remainingItemCount: remaining }),
  };
}

function expired(isContinued: boolean): Error {
  return errors.expired(
    isContinued
      ? "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter."
      : "The resourceVersion for the provided list is too old.",
  );
}

export function listMetaOf(found: Listing): KubeList["metadata"] {
  return {
    resourceVersion: String(found.revision),
    ...(found.continueToken ? { continue: found.continueToken } : {}),
    ...(found.remainingItemCount ? { remainingItemCount: found.remainingItemCount } : {}),
  };
}

export function toList(kind: Kind, found: Listing): KubeList {
  return {
    kind: `${kind.kind}List`,
    apiVersion: apiVersionOf(kind),
    metadata: listMetaOf(found),
    items: found.items.map((stored) => stored.object),
  };
}

/** The list as JSON, put together from the bytes that each object already has. */
export function assembleList(kind: Kind, found: Listing): Uint8Array {
  const head = `{"kind":"${kind.kind}List","apiVersion":"${apiVersionOf(kind)}","metadata":${JSON.stringify(listMetaOf(found))},"items":[`;
  const parts: Uint8Array[] = [Buffer.from(head)];
  for (const { bytes } of found.items) {
    if (parts.length > 1) parts.push(COMMA);
    parts.push(bytes);
  }
  parts.push(LIST_END);
  return Buffer.concat(parts);
}

const STORE_PAGE = 1_000;
const COMMA = Buffer.from(",");
const LIST_END = Buffer.from("]}");
