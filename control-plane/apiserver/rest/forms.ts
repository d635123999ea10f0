import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import { errors } from "#api/machinery/status-error";
import { partialMetadata, type TableOptions, toTable } from "#api/machinery/table";
import type { ApiResponse, WatchFrame } from "#client/transport";
import type { Written } from "#control-plane/apiserver/rest/context";
import { assembleList, type Listing, listMetaOf, toList } from "#control-plane/apiserver/rest/list";
import { type ObjectForm, objectForm } from "#control-plane/apiserver/serving/negotiation";
import {
  jsonResponse,
  lazyResponse,
  storedResponse,
} from "#control-plane/apiserver/serving/responses";

/** How a client wants objects to look: its Accept header, includeObject, and the time for ages. */
export interface FormRequest {
  readonly accept: string | undefined;
  readonly query: URLSearchParams;
  readonly nowMs: number;
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
  const convert = (object: KubeObject): unknown =>
    wanted === "table" ? tableOf(kind, [object], form) : partialMetadata(object);
  return { type: "watch", status: 200, events: converted(frames, wanted, convert) };
}

async function* converted(
  frames: AsyncIterable<WatchFrame>,
  wanted: ObjectForm,
  convert: (object: KubeObject) => unknown,
): AsyncGenerator<WatchFrame> {
  let isFirst = true;
  for await (const { type, object } of frames) {
    if (type === "ERROR") {
      yield { type, object };
    } else if (type === "BOOKMARK") {
      const { metadata } = object as KubeObject;
      const isTable = wanted === "table";
      yield {
        type,
        object: isTable
          ? {
              kind: "Table",
              apiVersion: "meta.k8s.io/v1",
              metadata,
              columnDefinitions: [],
              rows: [],
            }
          : { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata },
      };
    } else {
      // Only the first table names its columns, as in Kubernetes.
      const value = convert(object as KubeObject);
      const isRepeated = wanted === "table" && !isFirst;
      yield { type, object: isRepeated ? { ...(value as object), columnDefinitions: [] } : value };
      isFirst = false;
    }
  }
}

function tableOf(kind: Kind, objects: readonly KubeObject[], form: FormRequest): object {
  const includeObject = form.query.get("includeObject") || "Metadata";
  if (includeObject !== "Metadata" && includeObject !== "None" && includeObject !== "Object") {
    throw errors.badRequest(`unrecognized includeObject value: "${includeObject}"`);
  }
  const resourceVersion = objects.length === 1 ? objects[0]?.metadata.resourceVersion : undefined;
  const options: TableOptions = {
    nowMs: form.nowMs,
    includeObject,
    ...(resourceVersion ? { metadata: { resourceVersion } } : {}),
  };
  return toTable(kind, objects, options);
}
