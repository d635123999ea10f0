import type { Readable } from "node:stream";
import type { Clock } from "#kit/clock";
import { errorChain } from "#kit/log";
import { type Digest, digestOf } from "#runtime/images/digest";
import { MAX_MANIFEST_BYTES, manifestTypes } from "#runtime/images/oci";
import { formatReference, type Reference } from "#runtime/images/reference";
import { createAuthorization } from "#runtime/images/registry/authorization";
import {
  findEndpoint,
  isInsecureRegistry,
  type RegistrySettings,
} from "#runtime/images/registry/endpoint";
import { describeFailure } from "#runtime/images/registry/failure";
import {
  createHttpClient,
  type HttpRequest,
  type HttpResponse,
  readBody,
} from "#runtime/images/registry/http";
import { type RegistryAuth, RuntimeError } from "#runtime/runtime";

/**
 * The distribution specification for one repository: what pull and push are made of. Each verb is one
 * exchange, without retries; those belong to the caller, who knows what was already received.
 */
export interface RegistryClient {
  /** By tag or digest; bytes asked for by digest are verified. */
  manifest(tagOrDigest: string): Promise<FetchedManifest>;
  /** From `offset` on, when the registry can; `offset` of the answer says where it begins. */
  blob(digest: Digest, offset: number): Promise<{ body: Readable; offset: number }>;
  hasBlob(digest: Digest): Promise<boolean>;
  hasManifest(digest: Digest): Promise<boolean>;
  /** True when the registry took the blob over from another of its repositories. */
  mountBlob(digest: Digest, fromRepository: string): Promise<boolean>;
  uploadBlob(digest: Digest, sizeBytes: number, body: () => Readable): Promise<void>;
  putManifest(tagOrDigest: string, mediaType: string, bytes: Uint8Array): Promise<void>;
  close(): void;
}

export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly digest: Digest;
  readonly mediaType: string;
}

export interface RegistryClientOptions {
  readonly reference: Reference;
  readonly auth?: RegistryAuth | undefined;
  readonly access: "pull" | "pull,push";
  readonly settings: RegistrySettings;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

type Send = (
  method: HttpRequest["method"],
  path: string | URL,
  more?: Pick<HttpRequest, "headers" | "body">,
  scopes?: string,
) => Promise<HttpResponse>;

export async function connectRegistry(options: RegistryClientOptions): Promise<RegistryClient> {
  const { reference, settings, signal } = options;
  const isInsecure = isInsecureRegistry(reference.registry, settings);
  const ca = settings.certificateAuthorities?.[reference.registry];
  const http = createHttpClient({ verifiesTls: !isInsecure, ...(ca ? { ca } : {}) });
  const base = await findEndpoint(reference.registry, isInsecure, http, signal);
  const authorization = createAuthorization({
    http,
    auth: options.auth,
    clock: options.clock,
    isInsecure,
  });
  const scope = `repository:${reference.repository}:${options.access}`;
  const send: Send = async (method, path, more = {}, scopes = scope) => {
    const url = new URL(path, base);
    try {
      return await authorization.send(
        { method, url, ...more, ...(signal ? { signal } : {}) },
        scopes,
      );
    } catch (error) {
      if (error instanceof RuntimeError || signal?.aborted) throw error;
      throw new RuntimeError(
        "RegistryUnavailable",
        `cannot reach the registry ${url.host}: ${errorChain(error)}`,
        { cause: error },
      );
    }
  };
  const path = `/v2/${reference.repository}`;
  return {
    ...reading(send, path, reference),
    ...writing(send, path, reference, scope),
    close: () => http.close(),
  };
}

function reading(send: Send, path: string, reference: Reference) {
  return {
    async manifest(tagOrDigest: string): Promise<FetchedManifest> {
      const headers = { accept: manifestTypes.join(", ") };
      const response = await send("GET", `${path}/manifests/${tagOrDigest}`, { headers });
      if (response.status !== 200)
        throw await describeFailure(response, "resolve reference", reference);
      const bytes = await readBody(response.body, MAX_MANIFEST_BYTES);
      const digest = digestOf(bytes);
      const wanted = tagOrDigest.startsWith("sha256:")
        ? tagOrDigest
        : response.headers["docker-content-digest"];
      if (typeof wanted === "string" && wanted.startsWith("sha256:") && wanted !== digest) {
        throw new RuntimeError(
          "ErrImagePull",
          `the manifest of ${formatReference(reference)} is corrupt: its digest is ${digest}, not ${wanted}`,
        );
      }
      const mediaType = (response.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
      return { bytes, digest, mediaType };
    },
    async blob(digest: Digest, offset: number): Promise<{ body: Readable; offset: number }> {
      const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
      const response = await send("GET", `${path}/blobs/${digest}`, { headers });
      if (response.status === 200) return { body: response.body, offset: 0 };
      const range = /^bytes (\d+)-/.exec(response.headers["content-range"] ?? "");
      if (response.status === 206 && Number(range?.[1]) === offset)
        return { body: response.body, offset };
      throw await describeFailure(response, `fetch blob ${digest} of`, reference);
    },
    hasBlob: (digest: Digest) => exists(send, `${path}/blobs/${digest}`, reference),
    hasManifest: (digest: Digest) => exists(send, `${path}/manifests/${digest}`, reference),
  };
}

async function exists(send: Send, path: string, reference: Reference): Promise<boolean> {
  const headers = { accept: manifestTypes.join(", ") };
  const response = await send("HEAD", path, { headers });
  response.body.resume();
  if (response.status === 200) return true;
  if (response.status === 404) return false;
  throw await describeFailure(response, "look into", reference);
}

function writing(send: Send, path: string, reference: Reference, scope: string) {
  const octets = { "content-type": "application/octet-stream" };
  return {
    async mountBlob(digest: Digest, fromRepository: string): Promise<boolean> {
      const query = `mount=${digest}&from=${encodeURIComponent(fromRepository)}`;
      const scopes = `${scope} repository:${fromRepository}:pull`;
      const response = await send(
        "POST",
        `${path}/blobs/uploads/?${query}`,
        { headers: noBody },
        scopes,
      );
      response.body.resume();
      if (response.status === 201) return true;
      const location = response.headers.location;
      if (response.status === 202 && location) {
        const cancelled = await send("DELETE", new URL(location, response.url));
        cancelled.body.resume();
      }
      return false;
    },
    async uploadBlob(digest: Digest, sizeBytes: number, body: () => Readable): Promise<void> {
      const begun = await send("POST", `${path}/blobs/uploads/`, { headers: noBody });
      const location = begun.headers.location;
      if (begun.status !== 202 || !location)
        throw await describeFailure(begun, "push to", reference);
      begun.body.resume();
      const url = new URL(location, begun.url);
      url.searchParams.set("digest", digest);
      const headers = { ...octets, "content-length": String(sizeBytes) };
      const response = await send("PUT", url, { headers, body: body() });
      if (response.status !== 201)
        throw await describeFailure(response, `push blob ${digest} to`, reference);
      response.body.resume();
    },
    async putManifest(tagOrDigest: string, mediaType: string, bytes: Uint8Array): Promise<void> {
      const headers = { "content-type": mediaType, "content-length": String(bytes.length) };
      const response = await send("PUT", `${path}/manifests/${tagOrDigest}`, {
        headers,
        body: bytes,
      });
      if (response.status !== 201)
        throw await describeFailure(response, "push manifest to", reference);
      response.body.resume();
    },
  };
}

const noBody = { "content-length": "0" };
