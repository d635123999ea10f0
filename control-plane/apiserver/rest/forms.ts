import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import {
  partialMetadata,
  ROW_OBJECTS,
  type RowObject,
  type TableOptions,
  toTable,
} from "#api/machinery/table";
import type { ApiResponse, WatchFrame } from "#client/transport";
import type { Written } from "#control-plane/apiserver/rest/context";
import { assembleList, type Listing, listMetaOf, toList } from "#control-plane/apiserver/rest/list";
import { objectForm } from "#control-plane/apiserver/serving/negotiation";
import {
  jsonResponse,
  lazyResponse,
  storedResponse,
} from "#control-plane/apiserver/serving/responses";

/** How a client wants objects to look: its Accept header and includeObject. */
export interface FormRequest {
  readonly accept: string | undefined;
  readonly query: URLSearchParams;
  /** For ages: a watch lasts. */
  now(): number;
}

export function objectResponse(
  kind: Kind,
  written: Written,
  form: FormRequest,
  status = 200,
  warnings: readonly string[] = [],
): ApiResponse {
  switch (objectForm(form.accept)) {
    case "table":
      return jsonResponse(status, tableOf(kind, [written.object], form), warnings);
    case "partial":
      return jsonResponse(status, partialMetadata(written.object), warnings);
    case "object":
    case "partialList":
      return storedResponse(status, written, warnings);
  }
}

export function listResponse(kind: Kind, found: Listing, form: FormRequest): ApiResponse {
  switch (objectForm(form.accept)) {
    case "table": {
      const objects = found.items.map((stored) => stored.object);
      return jsonResponse(200, { ...tableOf(kind, objects, form), metadata: listMetaOf(found) });
    }
    case "partial":
    case "partialList":
      return jsonResponse(200, {
        kind: "PartialObjectMetadataList",
        apiVersion: "meta.k8s.io/v1",
        metadata: listMetaOf(found),
        items: found.items.map((stored) => partialMetadata(stored.object)),
      });
    case "object":
      return lazyResponse(toList(kind, found), () => assembleList(kind, found));
  }
}

export function watchResponse(
  kind: Kind,
  frames: AsyncIterable<WatchFrame>,
  form: FormRequest,
): ApiResponse {
  const wanted = objectForm(form.accept);
  if (wanted === "object") return { type: "watch", status: 200, events: frames };
  const isTable = wanted === "table";
  // Asked for before the first event: a value that nobody knows is refused, not answered with a stream that ends.
  const key = isTable ? rowObjectOf(form) : "PartialObjectMetadata";
  const convert = (object: KubeObject): object =>
    isTable ? tableOf(kind, [object], form) : partialMetadata(object);
  return { type: "watch", status: 200, events: converted(frames, { isTable, key, convert }) };
}

interface Conversion {
  readonly isTable: boolean;
  /** The same for all watchers that see the same. */
  readonly key: string;
  readonly convert: (object: KubeObject) => object;
}

async function* converted(
  frames: AsyncIterable<WatchFrame>,
  { isTable, key, convert }: Conversion,
): AsyncGenerator<WatchFrame> {
  let isFirst = true;
  for await (const frame of frames) {
    const { type, object } = frame;
    if (type === "ERROR") {
      yield { type, object };
    } else if (type === "BOOKMARK") {
      yield { type, object: bookmarkOf((object as KubeObject).metadata, isTable) };
    } else if (isTable && isFirst) {
      // Only the first table names its columns, as in Kubernetes.
      yield { type, object: convert(object as KubeObject) };
      isFirst = false;
    } else {
      yield laterFrame(frame, key, () => {
        const value = convert(object as KubeObject);
        return isTable ? { ...value, columnDefinitions: [] } : value;
      });
    }
  }
}

/** Made when it is asked for; what all watchers see the same is made once for all. */
function laterFrame(frame: WatchFrame, key: string, make: () => object): WatchFrame {
  const { type, shared } = frame;
  if (!shared) return { type, object: make() };
  return {
    type,
    get object() {
      return make();
    },
    get line() {
      return shared.lineAs(key, () => JSON.stringify({ type, object: make() }));
    },
  };
}

function bookmarkOf(metadata: KubeObject["metadata"], isTable: boolean): object {
  const apiVersion = "meta.k8s.io/v1";
  return isTable
    ? { kind: "Table", apiVersion, metadata, columnDefinitions: [], rows: [] }
    : { kind: "PartialObjectMetadata", apiVersion, metadata };
}

function tableOf(kind: Kind, objects: readonly KubeObject[], form: FormRequest): object {
  const includeObject = rowObjectOf(form);
  const resourceVersion = objects.length === 1 ? objects[0]?.metadata.resourceVersion : undefined;
  const options: TableOptions = {
    nowMs: form.now(),
    includeObject,
    ...(resourceVersion ? { metadata: { resourceVersion } } : {}),
  };
  return toTable(kind, objects, options);
}

function rowObjectOf({ query }: FormRequest): RowObject {
  const said = query.get("includeObject") || "Metadata";
  const known = ROW_OBJECTS.find((one) => one === said);
  if (!known) throw errors.badRequest(`unrecognized includeObject value: "${said}"`);
  return known;
}
