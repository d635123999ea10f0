import type { KubeObject } from "#api/machinery/meta";
import { defineKind, pathOf } from "#api/machinery/define-kind";
import { errors, StatusError } from "#api/machinery/status-error";
import type { ApiRequest, ApiResponse, Transport, WatchFrame } from "#client/transport";
import { BoundedQueue } from "#kit/bounded-queue";

export interface Note extends KubeObject {
  text?: string;
}

export const noteKind = defineKind<Note>({
  group: "test.kaji.dev",
  version: "v1",
  kind: "Note",
  plural: "notes",
  isNamespaced: true,
  schema: "",
});

interface Entry {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Note;
  readonly revision: number;
}

/**
 * A small API server for one kind with Kubernetes' list and watch: resource versions that grow, pages,
 * watches that replay history, 410 for what is forgotten, bookmarks; and faults on demand. Written without
 * the product's own code, so that both cannot share a mistake.
 */
export class FakeApi {
  private readonly objects = new Map<string, Note>();
  private history: Entry[] = [];
  private forgottenUpTo = 0;
  private revision = 1;
  private readonly watches = new Set<BoundedQueue<WatchFrame>>();
  /** Requests seen, such as "list", "list continue" and "watch 5". */
  readonly requests: string[] = [];
  /** Given one after the other instead of an answer; an Error that is no StatusError means unreachable. */
  readonly failures: Error[] = [];

  /** Writes beneath the API, as another client would. */
  put(
    namespace: string,
    name: string,
    text: string,
    metadata: Partial<Note["metadata"]> = {},
  ): Note {
    const key = `${namespace}/${name}`;
    const previous = this.objects.get(key);
    return this.store(previous ? "MODIFIED" : "ADDED", {
      apiVersion: "test.kaji.dev/v1",
      kind: "Note",
      metadata: {
        ...previous?.metadata,
        ...metadata,
        namespace,
        name,
        uid: previous?.metadata.uid ?? `uid-${this.revision}`,
      },
      text,
    });
  }

  remove(namespace: string, name: string): void {
    const object = this.objects.get(`${namespace}/${name}`);
    if (object) this.store("DELETED", object);
  }

  /** Ends every watch, as a server does that restarts or has had enough. */
  closeWatches(failure?: Error): void {
    for (const watch of this.watches) watch.close(failure);
    this.watches.clear();
  }

  /** A watch from before now gets 410. */
  forgetHistory(): void {
    this.history = [];
    this.forgottenUpTo = this.revision;
  }

  bookmark(): void {
    this.send({
      type: "BOOKMARK",
      object: { metadata: { resourceVersion: String(this.revision) } },
    });
  }

  repeatLastEvent(): void {
    const last = this.history.at(-1);
    if (last) this.send({ type: last.type, object: last.object });
  }

  sendError(error: StatusError): void {
    this.send({ type: "ERROR", object: error.status });
  }

  get watchCount(): number {
    return this.watches.size;
  }

  readonly transport: Transport = async (request) => {
    const failure = this.failures.shift();
    if (failure && !(failure instanceof StatusError)) throw failure;
    if (failure instanceof StatusError) return statusResponse(failure);
    try {
      return this.answer(request);
    } catch (error) {
      if (error instanceof StatusError) return statusResponse(error);
      throw error;
    }
  };

  private answer(request: ApiRequest): ApiResponse {
    if (request.query.get("watch") === "true") return this.watch(request);
    const [, , , , , namespace, , name] = request.path.split("/");
    if (request.method === "GET" && !name) return this.list(request);
    const known = this.objects.get(`${namespace}/${name}`);
    if (request.method === "POST") return this.create(request.body as Note);
    if (!known) throw errors.notFound(noteKind, name ?? "");
    if (request.method === "GET") return json(200, known);
    if (request.method === "DELETE") return json(200, this.store("DELETED", known));
    const next = request.body as Note;
    if (next.metadata.resourceVersion !== known.metadata.resourceVersion) {
      throw errors.modified(noteKind, name ?? "");
    }
    return json(200, this.store("MODIFIED", next));
  }

  private create(object: Note): ApiResponse {
    const { namespace, name } = object.metadata;
    if (this.objects.has(`${namespace}/${name}`)) throw errors.alreadyExists(noteKind, name);
    return json(201, this.store("ADDED", object));
  }

  private list({ path, query }: ApiRequest): ApiResponse {
    const token = query.get("continue");
    this.requests.push(token ? "list continue" : "list");
    const limit = Number(query.get("limit") ?? Infinity);
    const start = Number(token ?? 0);
    const all = [...this.objects.values()].filter((object) => isBelow(path, object));
    const isLast = start + limit >= all.length;
    return json(200, {
      apiVersion: "test.kaji.dev/v1",
      kind: "NoteList",
      metadata: {
        resourceVersion: String(this.revision),
        ...(isLast ? {} : { continue: String(start + limit) }),
      },
      items: all.slice(start, start + limit),
    });
  }

  private watch({ path, query, signal }: ApiRequest): ApiResponse {
    const from = Number(query.get("resourceVersion"));
    this.requests.push(`watch ${from}`);
    if (from < this.forgottenUpTo) {
      throw errors.expired(`too old resource version: ${from} (${this.forgottenUpTo})`);
    }
    const events = new BoundedQueue<WatchFrame>(1000);
    this.watches.add(events);
    signal?.addEventListener("abort", () => events.close());
    for (const { type, object, revision } of this.history) {
      if (revision > from && isBelow(path, object)) events.push({ type, object });
    }
    return { type: "watch", status: 200, events };
  }

  private store(type: Entry["type"], object: Note): Note {
    this.revision += 1;
    const resourceVersion = String(this.revision);
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion } };
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (type === "DELETED") this.objects.delete(key);
    else this.objects.set(key, stored);
    this.history.push({ type, object: stored, revision: this.revision });
    this.send({ type, object: stored });
    return stored;
  }

  private send(frame: WatchFrame): void {
    for (const watch of this.watches) watch.push(frame);
  }
}

function isBelow(path: string, { metadata }: Note): boolean {
  return path === pathOf(noteKind) || path === pathOf(noteKind, metadata.namespace);
}

function json(status: number, value: unknown): ApiResponse {
  return { type: "json", status, value };
}

function statusResponse(error: StatusError): ApiResponse {
  return json(error.code, error.status);
}
