import { createHash } from "node:crypto";
import { errors } from "#api/machinery/status-error";
import type { Kind } from "#api/machinery/define-kind";
import { openApiV2, openApiV3Document, openApiV3Index } from "#api/schema/openapi";
import type { ApiRequest, ApiResponse } from "#client/transport";
import {
  encodeOpenApiV2,
  openApiV2Protobuf,
  openApiV2ProtobufAccept,
} from "#control-plane/apiserver/openapi-protobuf";
import { parseAccept } from "#control-plane/apiserver/serving/negotiation";

export interface OpenApiRoutes {
  /** undefined: the path is none of /openapi/v2, /openapi/v3 and below. */
  serve(request: ApiRequest): ApiResponse | undefined;
}

/** The OpenAPI documents, each made when first asked for and kept: they never change while we run. */
export function createOpenApiRoutes(kinds: readonly Kind[]): OpenApiRoutes {
  const kept = new Map<string, ApiResponse>();
  const keep = (key: string, make: () => ApiResponse): ApiResponse => {
    const known = kept.get(key) ?? make();
    kept.set(key, known);
    return known;
  };
  const v2 = (accept: string | undefined): ApiResponse => {
    for (const { mediaType } of parseAccept(accept)) {
      if (mediaType === openApiV2Protobuf || mediaType === openApiV2ProtobufAccept) {
        return keep("v2.pb", () => document(encodeOpenApiV2(openApiV2(kinds)), openApiV2Protobuf));
      }
      if (mediaType === "application/json" || mediaType === "*/*") {
        return keep("v2", () => jsonDocument(openApiV2(kinds)));
      }
    }
    throw errors.notAcceptable(`application/json, ${openApiV2Protobuf}`);
  };
  return {
    serve({ path, accept }) {
      if (path === "/openapi/v2") return v2(accept);
      if (path === "/openapi/v3") return keep("v3", () => jsonDocument(openApiV3Index(kinds)));
      const groupVersion = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
      if (groupVersion === undefined) return undefined;
      return keep(`v3/${groupVersion}`, () => {
        const found = openApiV3Document(groupVersion, kinds);
        if (!found) throw errors.noSuchPath();
        return jsonDocument(found);
      });
    },
  };
}

function jsonDocument(value: unknown): ApiResponse {
  return document(Buffer.from(JSON.stringify(value)), "application/json");
}

function document(bytes: Uint8Array, contentType: string): ApiResponse {
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32).toUpperCase()}"`;
  return { type: "bytes", status: 200, contentType, bytes, etag };
}
