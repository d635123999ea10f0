import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { TTL_SECONDS } from "#node-agent/dns/zone";

/** DNS messages: what a datagram asks, and answers as bytes that fit. */
export const rcode = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
};

export interface Query {
  readonly bytes: Buffer;
  readonly id: number;
  /** As it was asked; the answer repeats it. */
  readonly question: Question;
  /** In lower case, without the last dot. */
  readonly name: string;
  readonly isRecursionDesired: boolean;
  /** What the client can take in a datagram; undefined: it sent no EDNS. */
  readonly ednsBytes: number | undefined;
}

const headerBytes = 12;
/** Fits every path without fragments (DNS flag day 2020). */
const ednsBytes = 1232;
const plainBytes = 512;

/** A Query; or the answer to what is none; or undefined for what deserves no answer. */
export function parseQuery(bytes: Buffer): Query | Buffer | undefined {
  if (bytes.length < headerBytes || (bytes.readUInt8(2) & 0x80) !== 0) return undefined;
  const opcode = (bytes.readUInt8(2) >> 3) & 15;
  if (opcode !== 0) return refusal(bytes, rcode.notImplemented);
  if (bytes.readUInt16BE(4) !== 1) return refusal(bytes, rcode.formatError);
  const packet = decodeOrUndefined(bytes);
  const question = packet?.questions?.[0];
  if (!packet || !question) return refusal(bytes, rcode.formatError);
  const opt = packet.additionals?.find((record): record is OptAnswer => record.type === "OPT");
  return {
    bytes,
    id: packet.id ?? 0,
    question,
    name: question.name.toLowerCase().replace(/\.$/, ""),
    isRecursionDesired: packet.flag_rd,
    ednsBytes: opt?.udpPayloadSize,
  };
}

export function decodeOrUndefined(bytes: Buffer): DecodedPacket | undefined {
  try {
    return decode(bytes);
  } catch {
    // Whoever sent it decides what it holds: that it cannot be read is an answer, not a failure.
    return undefined;
  }
}

export interface Reply {
  readonly code: number;
  readonly answers?: Answer[];
  readonly additionals?: Answer[];
  /** The zone whose SOA says how long a "no" may be remembered. */
  readonly zone?: string;
}

export function encodeReply(query: Query, reply: Reply, transport: "udp" | "tcp"): Buffer {
  // Other bytes do not survive being text: such a name cannot be repeated as it was asked.
  if (!/^[\x21-\x7e]*$/.test(query.name)) return refusal(query.bytes, reply.code);
  const isEmpty = (reply.answers?.length ?? 0) === 0;
  const opt: Answer[] = query.ednsBytes === undefined ? [] : [ownOpt()];
  const packet: Packet = {
    ...replyHead(query, reply),
    answers: reply.answers ?? [],
    authorities: isEmpty && reply.zone !== undefined ? [soa(reply.zone)] : [],
    additionals: [...(reply.additionals ?? []), ...opt],
  };
  const whole = encode(packet);
  if (transport === "tcp" || whole.length <= udpLimit(query)) return whole;
  const flags = (packet.flags ?? 0) | TRUNCATED_RESPONSE;
  return encode({ ...packet, flags, answers: [], authorities: [], additionals: opt });
}

function replyHead({ id, question, isRecursionDesired }: Query, { code, zone }: Reply): Packet {
  const authority = zone === undefined ? 0 : AUTHORITATIVE_ANSWER;
  const recursion = RECURSION_AVAILABLE | (isRecursionDesired ? RECURSION_DESIRED : 0);
  return { type: "response", id, flags: authority | recursion | code, questions: [question] };
}

function udpLimit(query: Query): number {
  return Math.min(Math.max(query.ednsBytes ?? plainBytes, plainBytes), ednsBytes);
}

function soa(zone: string): Answer {
  const data = {
    mname: `ns.dns.${zone}`,
    rname: `hostmaster.${zone}`,
    serial: 1,
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: TTL_SECONDS,
  };
  return { name: zone, type: "SOA", ttl: TTL_SECONDS, data };
}

function ownOpt(): Answer {
  return {
    type: "OPT",
    name: ".",
    udpPayloadSize: ednsBytes,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}

/** Only the header: the rest of the message could not be read. */
function refusal(bytes: Buffer, code: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  bytes.copy(header, 0, 0, 4);
  header.writeUInt8(header.readUInt8(2) | 0x80, 2);
  header.writeUInt8(code, 3);
  return header;
}
