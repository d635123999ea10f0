import { type Answer, encode, RECURSION_DESIRED } from "dns-packet";
import {
  decodeOrUndefined,
  encodeReply,
  parseQuery,
  type Query,
  rcode,
} from "#node-agent/dns/message";
import type { Upstream } from "#node-agent/dns/upstream";
import { TTL_SECONDS, type Zone } from "#node-agent/dns/zone";
import type { Rng } from "#kit/rng";

export interface Resolver {
  /** The answer to one message; undefined: none is deserved. Never rejects for what the message holds. */
  answer(message: Buffer, transport: "udp" | "tcp"): Promise<Buffer | undefined>;
}

export interface ResolverOptions {
  /** Read for each query: the newest names. */
  readonly zone: () => { readonly zone: Zone; readonly clusterDomain: string };
  readonly upstream: Upstream;
  readonly rng: Rng;
}

/** Aliases to Services that are aliases themselves. */
const maxAliases = 8;

export function createResolver({ zone, upstream, rng }: ResolverOptions): Resolver {
  const answer = async (message: Buffer, transport: "udp" | "tcp"): Promise<Buffer | undefined> => {
    const query = parseQuery(message);
    if (query === undefined || Buffer.isBuffer(query)) return query;
    const { zone: names, clusterDomain } = zone();
    const found = names.lookup(query.name, query.question.type);
    switch (found.type) {
      case "outside": {
        const forwarded = await upstream.ask(query.bytes, transport);
        return forwarded ?? encodeReply(query, { code: rcode.serverFailure }, transport);
      }
      case "alias": {
        const answers = await resolveAlias(query, found.target);
        return encodeReply(query, { code: rcode.noError, answers, zone: clusterDomain }, transport);
      }
      case "noSuchName":
        return encodeReply(query, { code: rcode.nameError, zone: clusterDomain }, transport);
      case "records": {
        const { additionals } = found;
        const answers = shuffled(found.answers, rng).map((record) => asAsked(record, query));
        const reply = { code: rcode.noError, answers, additionals, zone: clusterDomain };
        return encodeReply(query, reply, transport);
      }
    }
  };

  /** The alias and what it leads to: stub resolvers do not follow it themselves. */
  const resolveAlias = async (query: Query, firstTarget: string): Promise<Answer[]> => {
    const { type } = query.question;
    let target = firstTarget;
    const answers: Answer[] = [alias(query.question.name, target)];
    if (type === "CNAME") return answers;
    for (let step = 0; step < maxAliases; step++) {
      const found = zone().zone.lookup(target, type);
      if (found.type === "records") return [...answers, ...found.answers];
      if (found.type === "noSuchName") return answers;
      if (found.type === "outside") return [...answers, ...(await askOutside(target, query))];
      answers.push(alias(target, found.target));
      target = found.target;
    }
    return answers;
  };

  const askOutside = async (name: string, { id, question }: Query): Promise<Answer[]> => {
    const flags = RECURSION_DESIRED;
    const bytes = encode({ type: "query", id, flags, questions: [{ ...question, name }] });
    const answered = await upstream.ask(bytes, "udp");
    return (answered && decodeOrUndefined(answered)?.answers) ?? [];
  };

  return { answer };
}

function alias(name: string, data: string): Answer {
  return { name, type: "CNAME", ttl: TTL_SECONDS, data };
}

/** The name as the client spelled it: some compare it by letter. */
function asAsked(record: Answer, { name, question }: Query): Answer {
  return record.name === name ? { ...record, name: question.name } : record;
}

/** Clients take the first address: each answer begins with another. */
function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(rng.next() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
