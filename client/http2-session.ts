import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from "node:http2";
import { connect } from "node:http2";
import type { Cancel, Clock } from "#kit/clock";

export interface LivenessLimits {
  readonly pingEveryMs: number;
  /** A peer that does not answer a ping for so long is taken for dead. */
  readonly pingTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const PATIENT: LivenessLimits = {
  pingEveryMs: 30_000,
  pingTimeoutMs: 15_000,
  connectTimeoutMs: 10_000,
};
/** Big windows: a list of many megabytes otherwise waits for a round trip every 64 kB. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Owns at most one HTTP/2 session to one server: connects when first asked, again after the session ended.
 *
 * Invariants:
 * - A session that said GOAWAY, failed or was closed is never handed out again.
 * - A session keeps the process alive, and is pinged, exactly while a stream on it is open.
 */
export class SessionKeeper {
  private current: Promise<ClientHttp2Session> | undefined;
  private connecting: ClientHttp2Session | undefined;
  private isClosed = false;
  private readonly liveness = new WeakMap<ClientHttp2Session, Liveness>();
  private readonly server: string;
  private readonly options: () => Promise<SecureClientSessionOptions>;
  private readonly clock: Clock;
  private readonly limits: LivenessLimits;

  constructor(
    server: string,
    /** Asked at each connection. */
    options: () => Promise<SecureClientSessionOptions>,
    clock: Clock,
    limits: LivenessLimits = PATIENT,
  ) {
    this.server = server;
    this.options = options;
    this.clock = clock;
    this.limits = limits;
  }

  get(): Promise<ClientHttp2Session> {
    if (this.isClosed) return Promise.reject(new Error("the client is closed"));
    if (this.current) return this.current;
    const opening = this.open(() => {
      if (this.current === opening) this.current = undefined;
    });
    this.current = opening;
    return opening;
  }

  /** Caller must: say so of every stream that it opens. */
  hold(session: ClientHttp2Session, stream: ClientHttp2Stream): void {
    const liveness = this.liveness.get(session) ?? new Liveness(session, this.clock, this.limits);
    this.liveness.set(session, liveness);
    liveness.streamOpened();
    stream.once("close", () => liveness.streamClosed());
  }

  /** At once, also while it is still connecting. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.connecting?.destroy();
    const opening = this.current;
    this.current = undefined;
    const session = await opening?.catch(() => undefined);
    session?.destroy();
  }

  private async open(forget: () => void): Promise<ClientHttp2Session> {
    const options = await this.options().catch((cause: unknown) => {
      forget();
      throw cause;
    });
    if (this.isClosed) throw new Error("the client is closed");
    return new Promise((resolve, reject) => {
      const session = connect(this.server, {
        ...options,
        settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
      });
      this.connecting = session;
      const connected = (): void => {
        if (this.connecting === session) this.connecting = undefined;
      };
      const { connectTimeoutMs } = this.limits;
      const cancelTimeout = this.clock.after(connectTimeoutMs, () =>
        session.destroy(new Error(`no connection after ${connectTimeoutMs / 1000} s`)),
      );
      session.once("connect", () => {
        connected();
        cancelTimeout();
        session.setLocalWindowSize(SESSION_WINDOW_BYTES);
        session.unref();
        resolve(session);
      });
      session.on("error", (cause: Error) => {
        forget();
        reject(cause);
      });
      session.once("goaway", forget);
      session.once("close", () => {
        connected();
        cancelTimeout();
        forget();
        reject(new Error("the connection was closed"));
      });
    });
  }
}

/** Counts the open streams of one session; while there are any, pings it and keeps the process alive. */
class Liveness {
  private openStreams = 0;
  private cancelTimer: Cancel = () => undefined;
  private readonly session: ClientHttp2Session;
  private readonly clock: Clock;
  private readonly limits: LivenessLimits;

  constructor(session: ClientHttp2Session, clock: Clock, limits: LivenessLimits) {
    this.session = session;
    this.clock = clock;
    this.limits = limits;
  }

  streamOpened(): void {
    this.openStreams += 1;
    if (this.openStreams > 1) return;
    this.session.ref();
    this.pingLater();
  }

  streamClosed(): void {
    this.openStreams -= 1;
    if (this.openStreams > 0) return;
    this.cancelTimer();
    if (!this.session.destroyed) this.session.unref();
  }

  private pingLater(): void {
    this.cancelTimer();
    this.cancelTimer = this.clock.after(this.limits.pingEveryMs, () => this.ping());
  }

  private ping(): void {
    const { session } = this;
    if (session.destroyed) return;
    const { pingTimeoutMs } = this.limits;
    const cancelDeadline = this.clock.after(pingTimeoutMs, () =>
      session.destroy(new Error(`no answer to a ping within ${pingTimeoutMs / 1000} s`)),
    );
    this.cancelTimer = cancelDeadline;
    session.ping((error) => {
      cancelDeadline();
      // When the streams closed meanwhile and others came, a newer timer is under way.
      const isCurrent = this.cancelTimer === cancelDeadline;
      if (isCurrent && !error && this.openStreams > 0) this.pingLater();
    });
  }
}
