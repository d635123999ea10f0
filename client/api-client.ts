import type { Kind } from "#api/machinery/define-kind";
import { apiVersionOf, pathOf } from "#api/machinery/define-kind";
import type { KubeList, KubeObject } from "#api/machinery/meta";
import { StatusError } from "#api/machinery/status-error";
import type { DeleteOptions } from "#api/schema/types";
import type { Client, ClientEvent, ListOptions, Patch, Target, WatchRequest } from "#client/client";
import { statusErrorFrom } from "#client/status-response";
import type { ApiRequest, ApiResponse, Transport, UserInfo, WatchFrame } from "#client/transport";
import { invariant } from "#kit/invariant";

export interface ClientOptions {
  readonly userAgent?: string;
  /** Who a loopback client is; over HTTPS the server decides by certificate or token. */
  readonly user?: UserInfo;
}

const PATCH_CONTENT_TYPES: Record<Patch["type"], string> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  // JSON is YAML.
  apply: "application/apply-patch+yaml",
};

/** The same client over any transport: HTTPS (rest.ts), or an API server's `handle` in process. */
export function createClient(transport: Transport, options: ClientOptions = {}): Client {
  return new ApiClient(transport, options);
}

class ApiClient implements Client {
  private readonly transport: Transport;
  private readonly options: ClientOptions;

  constructor(transport: Transport, options: ClientOptions) {
    this.transport = transport;
    this.options = options;
  }

  async get<T extends KubeObject>(kind: Kind<T>, name: string, namespace?: string): Promise<T> {
    return this.json<T>({ method: "GET", path: itemPath(kind, targetOf(name, namespace)) });
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<KubeList<T>> {
    const path = pathOf(kind, options.namespace);
    const list = await this.json<KubeList<T>>({ method: "GET", path, query: queryOf(options) });
    return { ...list, items: (list.items ?? []).map((item) => withType(kind, item)) };
  }

  async *watch<T extends KubeObject>(
    kind: Kind<T>,
    options: WatchRequest,
  ): AsyncGenerator<ClientEvent<T>, void, undefined> {
    const { signal } = options;
    if (signal.aborted) return;
    const query = queryOf(options);
    query.set("watch", "true");
    if (options.allowBookmarks) query.set("allowWatchBookmarks", "true");
    try {
      const path = pathOf(kind, options.namespace);
      const response = await this.send({ method: "GET", path, query, signal });
      if (response.type !== "watch") throw unexpected(response, `a watch of ${kind.plural}`);
      for await (const frame of response.events) {
        if (signal.aborted) return;
        yield eventOf(kind, frame);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const path = pathOf(kind, object.metadata.namespace);
    return this.json<T>({ method: "POST", path, body: object });
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.json<T>({ method: "PUT", path: itemPath(kind, object.metadata), body: object });
  }

  async updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const path = itemPath(kind, object.metadata, "status");
    return this.json<T>({ method: "PUT", path, body: object });
  }

  async patch<T extends KubeObject>(kind: Kind<T>, target: Target, patch: Patch): Promise<T> {
    const query = new URLSearchParams();
    if (patch.fieldManager !== undefined) query.set("fieldManager", patch.fieldManager);
    if (patch.force) query.set("force", "true");
    return this.json<T>({
      method: "PATCH",
      path: itemPath(kind, target, target.subresource),
      query,
      contentType: PATCH_CONTENT_TYPES[patch.type],
      body: patch.body,
    });
  }

  async delete(kind: Kind, target: Target, options?: DeleteOptions): Promise<void> {
    const path = itemPath(kind, target, target.subresource);
    await this.json({ method: "DELETE", path, ...(options ? { body: options } : {}) });
  }

  async createSubresource<R>(
    kind: Kind,
    target: Target & { subresource: string },
    body: unknown,
  ): Promise<R> {
    return this.json<R>({ method: "POST", path: itemPath(kind, target, target.subresource), body });
  }

  async raw(
    method: "GET" | "POST" | "PUT" | "DELETE",
    pathAndQuery: string,
    body?: unknown,
  ): Promise<unknown> {
    const [path = "", search] = pathAndQuery.split("?", 2);
    const query = new URLSearchParams(search);
    const response = await this.send({
      method,
      path,
      query,
      ...(body === undefined ? {} : { body }),
    });
    if (response.type === "bytes") return Buffer.from(response.bytes).toString();
    if (response.type !== "json") throw unexpected(response, path);
    return response.value;
  }

  private async json<R>(request: Partial<ApiRequest> & RequestLine): Promise<R> {
    const response = await this.send(request);
    if (response.type !== "json") throw unexpected(response, `${request.method} ${request.path}`);
    return response.value as R;
  }

  private async send(request: Partial<ApiRequest> & RequestLine): Promise<ApiResponse> {
    const response = await this.transport({
      query: new URLSearchParams(),
      ...(request.body === undefined ? {} : { contentType: "application/json" }),
      accept: "application/json",
      ...this.options,
      ...request,
    });
    if (response.status >= 400) throw statusErrorFrom(response);
    return response;
  }
}

type RequestLine = Pick<ApiRequest, "method" | "path">;

function targetOf(name: string, namespace: string | undefined): Target {
  return namespace === undefined ? { name } : { name, namespace };
}

function itemPath(
  kind: Kind,
  { name, namespace }: { name: string; namespace?: string | undefined },
  subresource?: string,
): string {
  invariant(name, `a request for one of ${kind.plural} needs a name`);
  invariant(
    !kind.isNamespaced || namespace,
    `a request for one of ${kind.plural} needs a namespace`,
  );
  return `${pathOf(kind, namespace, name)}${subresource ? `/${subresource}` : ""}`;
}

function queryOf(options: ListOptions): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of [
    "labelSelector",
    "fieldSelector",
    "search",
    "limit",
    "continue",
    "resourceVersion",
  ] as const) {
    const value = options[name];
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

/** Some servers leave apiVersion and kind out of the items of a list. */
function withType<T extends KubeObject>(kind: Kind<T>, item: T): T {
  return item.kind ? item : { ...item, apiVersion: apiVersionOf(kind), kind: kind.kind };
}

function eventOf<T extends KubeObject>(kind: Kind<T>, frame: WatchFrame): ClientEvent<T> {
  const object = frame.object as T;
  switch (frame.type) {
    case "ERROR":
      throw statusErrorFrom({ status: 500, value: frame.object });
    case "BOOKMARK":
      return { type: "BOOKMARK", resourceVersion: object.metadata.resourceVersion ?? "" };
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type: frame.type, object: withType(kind, object) };
  }
}

function unexpected(response: ApiResponse, what: string): StatusError {
  return new StatusError(
    500,
    "InternalError",
    `the server answered ${what} with a response of an unexpected type (${response.type})`,
  );
}
