import { tenantKind } from "#api/kinds/tenant";
import type { Kind } from "#api/machinery/define-kind";
import { errors } from "#api/machinery/status-error";
import type { Tenant } from "#api/schema/own/tenant";
import { GROUP, VERSION } from "#api/schema/own/shape";
import { TENANTS } from "#api/tenants/names";
import { assembleList, type Listing, toList } from "#control-plane/apiserver/rest/list";
import { integerOf } from "#control-plane/apiserver/rest/options";
import { selectionOf } from "#control-plane/apiserver/rest/selection";
import { decodeContinue, encodeContinue } from "#control-plane/apiserver/serving/continue-token";
import type { VirtualResource } from "#control-plane/apiserver/serving/groups";
import { lazyResponse } from "#control-plane/apiserver/serving/responses";
import type { Feed } from "#control-plane/apiserver/storage/feed";
import { kindPrefix } from "#control-plane/apiserver/storage/keys";
import { TextIndex } from "#control-plane/apiserver/storage/text-index";

/**
 * GET tenants?search=WORDS: the tenants that have every word in their name, hosts, plan, owners, labels, parameters or
 * phase ("plan=small", "phase=failed", "owner=anna" say which), in pages that follow one another by name. Whoever may
 * list tenants may search them. Each page shows its own moment, unlike the pages of a list.
 */
export function tenantSearch(feed: Feed): VirtualResource {
  const kind = tenantKind as unknown as Kind;
  // Made at the first search: most servers are never asked.
  let index: TextIndex | undefined;
  return {
    ...{ group: GROUP, version: VERSION, kind: kind.kind, plural: kind.plural },
    singular: kind.singular,
    isNamespaced: false,
    verbs: ["list"],
    isUnlisted: true,
    answers: ({ verb, request }) => verb === "list" && request.query.has("search"),
    async serve({ request: { query } }) {
      await feed.fresh();
      const prefix = kindPrefix(TENANTS);
      const token = query.get("continue");
      const limit = Math.min(integerOf(query, "limit") || DEFAULT_LIMIT, MAX_LIMIT);
      index ??= new TextIndex(feed.cacheOf(TENANTS), (object) => textOf(object as Tenant));
      const { objects, isMore } = await index.find({
        words: wordsOf(query.get("search") ?? ""),
        afterKey: token ? decodeContinue(token, prefix).key : "",
        limit,
        accepts: selectionOf(kind, query) ?? (() => true),
      });
      const { revision } = feed;
      const lastKey = objects.at(-1)?.key;
      const isContinued = isMore && lastKey !== undefined;
      const found: Listing = {
        items: objects,
        revision,
        ...(isContinued ? { continueToken: encodeContinue({ revision, key: lastKey }) } : {}),
      };
      return lazyResponse(toList(kind, found), () => assembleList(kind, found));
    },
  };
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;
const MAX_SEARCH_LENGTH = 200;

function wordsOf(search: string): string[] {
  const words = search.split(/\s+/).filter(Boolean);
  if (words.length === 0) throw errors.badRequest("search: say at least one word");
  if (search.length > MAX_SEARCH_LENGTH) {
    throw errors.badRequest(`search: at most ${MAX_SEARCH_LENGTH} characters`);
  }
  // The longest is the rarest, most likely: the others are looked for only where it stands.
  return words.sort((a, b) => b.length - a.length);
}

function textOf({ metadata, spec, status }: Tenant): string {
  const pairs = { ...metadata.labels, ...spec.parameters };
  const phase = spec.suspended ? "Suspended" : status?.phase;
  return [
    metadata.name,
    ...(spec.hosts ?? []),
    `plan=${spec.plan}`,
    ...(phase ? [`phase=${phase}`] : []),
    ...(spec.owners ?? []).map(({ name }) => `owner=${name}`),
    ...Object.entries(pairs).map(([key, value]) => `${key}=${value}`),
  ].join(" ");
}
