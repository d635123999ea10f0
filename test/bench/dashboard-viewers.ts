import { type ClientHttp2Session, connect } from "node:http2";
import { once } from "node:events";
import type { WatchedServer } from "#test/bench/dashboard-cluster";

/** Whoever has the list of pods open, without the browser: the watches that such a page holds, and what they bring. */
export interface ListForm {
  readonly name: string;
  readonly accept: string;
  readonly query: Readonly<Record<string, string>>;
}

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

/** Ours first; the peers are what other dashboards and kubectl ask for. */
export const FORMS = {
  rows: { name: "rows", accept: TABLE, query: { includeObject: "Identity" } },
  metadata: { name: "rows with metadata (peer: kubectl)", accept: TABLE, query: {} },
  objects: {
    name: "whole objects (peer: client libraries)",
    accept: "application/json",
    query: {},
  },
} satisfies Record<string, ListForm>;

const NEWLINE = 10;

export class Viewers {
  private readonly sessions: ClientHttp2Session[] = [];
  private readonly server: WatchedServer;
  private readonly form: ListForm;
  /** Of bodies, as they come out of the connection. */
  bytes = 0;
  /** Of the pods' watches, all viewers together. */
  events = 0;

  constructor(server: WatchedServer, form: ListForm = FORMS.rows) {
    this.server = server;
    this.form = form;
  }

  /** From now on: what opening costs is measured by itself. */
  async open(count: number): Promise<void> {
    const { metadata } = (await this.server.client.raw("GET", "/api/v1/pods?limit=1")) as {
      metadata: { resourceVersion: string };
    };
    for (let i = 0; i < count; i++) await this.openOne(metadata.resourceVersion);
  }

  /** The whole list in the pages that the dashboard reads. Answers the bytes that came. */
  async readList(): Promise<number> {
    const session = this.connect();
    const before = this.bytes;
    let next = "";
    do {
      const page = { limit: "500", ...(next ? { continue: next } : {}) };
      const query = new URLSearchParams({ ...this.form.query, ...page });
      const text = await this.body(session, `/api/v1/pods?${query.toString()}`);
      const { metadata } = JSON.parse(text) as { metadata: { continue?: string } };
      next = metadata.continue ?? "";
    } while (next);
    return this.bytes - before;
  }

  async close(): Promise<void> {
    await Promise.all(
      this.sessions.map((session) => {
        const closed = once(session, "close");
        session.destroy();
        return closed;
      }),
    );
  }

  private async openOne(resourceVersion: string): Promise<void> {
    const session = this.connect();
    const watch = { watch: "true", allowWatchBookmarks: "true", resourceVersion };
    const pods = new URLSearchParams({ ...watch, ...this.form.query });
    await Promise.all([
      this.follow(session, `/api/v1/pods?${pods.toString()}`, this.form.accept, (chunk) => {
        for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1))
          this.events++;
      }),
      this.follow(session, `/api/v1/namespaces?${new URLSearchParams(watch).toString()}`),
    ]);
  }

  private connect(): ClientHttp2Session {
    const session = connect(this.server.url, { rejectUnauthorized: false });
    session.on("error", (error) => console.error(`a viewer lost the server: ${error.message}`));
    this.sessions.push(session);
    return session;
  }

  private async follow(
    session: ClientHttp2Session,
    path: string,
    accept = "application/json",
    onChunk: (chunk: Buffer) => void = () => undefined,
  ): Promise<void> {
    const stream = this.request(session, path, accept);
    stream.on("data", (chunk: Buffer) => {
      this.bytes += chunk.length;
      onChunk(chunk);
    });
    const [headers] = (await once(stream, "response")) as [{ ":status"?: number }];
    if (headers[":status"] !== 200) throw new Error(`${path} answered ${headers[":status"]}`);
  }

  private async body(session: ClientHttp2Session, path: string): Promise<string> {
    const stream = this.request(session, path, this.form.accept);
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      this.bytes += chunk.length;
      chunks.push(chunk);
    });
    await once(stream, "end");
    return Buffer.concat(chunks).toString();
  }

  private request(session: ClientHttp2Session, path: string, accept: string) {
    const authorization = `Bearer ${this.server.token}`;
    return session.request({ ":path": path, accept, authorization });
  }
}
