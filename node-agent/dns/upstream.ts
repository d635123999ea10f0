import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { createConnection } from "node:net";
import type { Clock } from "#kit/clock";
import { decodeOrUndefined } from "#node-agent/dns/message";

/**
 * Asks the host's nameservers what is not the cluster's: one socket a question (so that its port is hard to
 * guess), the next server after `timeoutMs`, answers remembered for as long as their records say.
 *
 * Limits: at most `maxInFlight` questions at once, beyond it undefined at once; at most `maxCached` answers, the
 * oldest gone first.
 */
export interface Upstream {
  /** The answer's bytes with the query's own id; undefined: no server answered. */
  ask(query: Buffer, transport: "udp" | "tcp"): Promise<Buffer | undefined>;
}

export interface UpstreamOptions {
  readonly clock: Clock;
  readonly nameservers: () => readonly string[];
  readonly port?: number;
  readonly timeoutMs?: number;
  readonly maxInFlight?: number;
  readonly maxCached?: number;
}

const defaults = { port: 53, timeoutMs: 2000, maxInFlight: 1000, maxCached: 10_000 };
const maxServers = 3;
const maxCacheSeconds = 30;
const maxCachedQueryBytes = 512;

export function createUpstream(options: UpstreamOptions): Upstream {
  const { clock, nameservers, port, timeoutMs, maxInFlight, maxCached } = {
    ...defaults,
    ...options,
  };
  const cache = new Map<string, { readonly answer: Buffer; readonly untilMs: number }>();
  let inFlight = 0;

  const remember = (key: string, answer: Buffer): void => {
    const seconds = lifetimeSeconds(answer);
    if (seconds <= 0 || key.length > maxCachedQueryBytes) return;
    cache.delete(key);
    cache.set(key, { answer, untilMs: clock.now() + seconds * 1000 });
    for (const oldest of cache.keys()) {
      if (cache.size <= maxCached) return;
      cache.delete(oldest);
    }
  };

  const askServers = async (
    query: Buffer,
    transport: "udp" | "tcp",
  ): Promise<Buffer | undefined> => {
    const send = transport === "udp" ? askByUdp : askByTcp;
    for (const server of nameservers().slice(0, maxServers)) {
      const answer = await send(withId(query, randomInt(65_536)), {
        server,
        port,
        clock,
        timeoutMs,
      });
      if (answer) return answer;
    }
    return undefined;
  };

  return {
    async ask(query, transport) {
      const key = `${transport}${query.toString("latin1", 2)}`;
      const id = query.readUInt16BE(0);
      const known = cache.get(key);
      if (known && known.untilMs > clock.now()) return withId(known.answer, id);
      if (inFlight >= maxInFlight) return undefined;
      inFlight++;
      try {
        const answer = await askServers(query, transport);
        if (answer) remember(key, answer);
        return answer && withId(answer, id);
      } finally {
        inFlight--;
      }
    },
  };
}

interface Target {
  readonly server: string;
  readonly port: number;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

function askByUdp(
  query: Buffer,
  { server, port, clock, timeoutMs }: Target,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(server.includes(":") ? "udp6" : "udp4");
    let isDone = false;
    const finish = (answer: Buffer | undefined): void => {
      if (isDone) return;
      isDone = true;
      cancel();
      socket.close();
      resolve(answer);
    };
    const cancel = clock.after(timeoutMs, () => finish(undefined));
    socket.on("error", () => finish(undefined));
    socket.on("message", (answer) => {
      if (isAnswerTo(query, answer)) finish(answer);
    });
    // Connected: the kernel passes on only what that server sends.
    // Node tells this callback, not the error event, of an address that has no route.
    socket.connect(port, server, (error?: Error) => {
      if (error) finish(undefined);
      else if (!isDone) socket.send(query);
    });
  });
}

function askByTcp(
  query: Buffer,
  { server, port, clock, timeoutMs }: Target,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: server, port });
    let received = Buffer.alloc(0);
    const finish = (answer: Buffer | undefined): void => {
      cancel();
      socket.destroy();
      resolve(answer);
    };
    const cancel = clock.after(timeoutMs, () => finish(undefined));
    socket.on("error", () => finish(undefined));
    socket.on("close", () => finish(undefined));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      const answer = received.subarray(2, 2 + received.readUInt16BE(0));
      finish(isAnswerTo(query, answer) ? answer : undefined);
    });
    socket.write(framed(query));
  });
}

/** RFC 1035, 4.2.2: two bytes of length before each message. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function isAnswerTo(query: Buffer, answer: Buffer): boolean {
  if (answer.length < 12 || (answer.readUInt8(2) & 0x80) === 0) return false;
  if (answer.readUInt16BE(0) !== query.readUInt16BE(0)) return false;
  const asked = decodeOrUndefined(query)?.questions?.[0];
  const answered = decodeOrUndefined(answer)?.questions?.[0];
  if (!asked || !answered) return false;
  return asked.type === answered.type && asked.name.toLowerCase() === answered.name.toLowerCase();
}

/** The shortest lifetime among its records; 0 for failures and for what was cut off. */
function lifetimeSeconds(answer: Buffer): number {
  const packet = decodeOrUndefined(answer);
  const code = answer.readUInt8(3) & 15;
  if (!packet || packet.flag_tc || (code !== 0 && code !== 3)) return 0;
  const kept = [...(packet.answers ?? []), ...(packet.authorities ?? [])];
  const lifetimes = kept.map((record) => ("ttl" in record ? (record.ttl ?? 0) : maxCacheSeconds));
  return lifetimes.length === 0 ? 0 : Math.min(maxCacheSeconds, ...lifetimes);
}

function withId(message: Buffer, id: number): Buffer {
  const copy = Buffer.from(message);
  copy.writeUInt16BE(id, 0);
  return copy;
}
