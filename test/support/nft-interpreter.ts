import { isInRange, parseIpv4, parseRange } from "#kit/ipv4";
import type { Ruleset } from "#node-agent/network/services/ruleset";

/** The first packet of a connection, after Services have been translated. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly iif: string;
  readonly oif: string;
}

type Verdict = "accept" | "drop";

/**
 * What a table's rules mean, for the words that the rules of policies use; any other word is an error. A chain that
 * ends gives undefined: whoever jumped there goes on.
 */
export function runChain(table: Ruleset, chain: string, packet: Packet): Verdict | undefined {
  const rules = table.chains.get(chain) ?? table.fixedChains.get(chain)?.slice(1);
  if (!rules) throw new Error(`no chain ${chain}`);
  for (const rule of rules) {
    const words = new Words(rule);
    if (!matches(table, words, packet)) continue;
    const end = verdict(table, words, packet);
    if (end !== undefined) return end === "end" ? undefined : end;
  }
  return undefined;
}

class Words {
  private readonly words: string[];

  constructor(rule: string) {
    this.words = rule.split(/\s+/);
  }

  /** Takes these words if they are next. */
  take(text: string): boolean {
    const wanted = text.split(" ");
    if (!wanted.every((word, index) => this.words[index] === word)) return false;
    this.words.splice(0, wanted.length);
    return true;
  }

  next(): string {
    const word = this.words.shift();
    if (word === undefined) throw new Error("the rule ends too early");
    return word;
  }

  until(end: string): string[] {
    const found: string[] = [];
    for (let word = this.next(); word !== end; word = this.next()) found.push(word);
    return found;
  }
}

/** Takes the matches from the front of the rule; false: one does not match. */
function matches(table: Ruleset, words: Words, packet: Packet): boolean {
  const { from, to, protocol, port } = packet;
  const has = (key: string): boolean => {
    const name = words.next().slice(1);
    if (!table.maps.has(name) && !table.sets?.has(name)) throw new Error(`no set ${name}`);
    return table.elements.get(name)?.has(key) ?? false;
  };
  for (;;) {
    let isMet: boolean;
    if (words.take("ct state established,related")) isMet = false;
    else if (words.take("iifname")) isMet = words.next() === packet.iif;
    else if (words.take("oifname")) isMet = words.next() === packet.oif;
    else if (words.take("ip saddr . ip daddr")) isMet = has(`${from} . ${to}`);
    else if (words.take("ip daddr . meta l4proto . th dport")) {
      isMet = has(`${to} . ${protocol} . ${port}`);
    } else if (words.take("ip saddr vmap")) return dispatch(table, words, from);
    else if (words.take("ip daddr vmap")) return dispatch(table, words, to);
    else if (words.take("ip saddr")) isMet = isAddress(words, from, has);
    else if (words.take("ip daddr")) isMet = isAddress(words, to, has);
    else if (words.take("meta l4proto")) isMet = words.next() === protocol;
    else if (words.take("th dport {")) isMet = isPort(words.until("}"), port);
    else return true;
    if (!isMet) return false;
  }
}

/** The verdict that a map has for the address becomes the rest of the rule. */
function dispatch(table: Ruleset, words: Words, address: string): boolean {
  const name = words.next().slice(1);
  const value = table.elements.get(name)?.get(address);
  if (value === undefined) return false;
  Object.assign(words, new Words(value));
  return true;
}

function isAddress(words: Words, address: string, has: (key: string) => boolean): boolean {
  if (words.take("!=")) return !isInRange(parseRange(words.next()), parseIpv4(address));
  const range = words.next();
  if (!range.startsWith("@")) return isInRange(parseRange(range), parseIpv4(address));
  Object.assign(words, new Words([range, ...rest(words)].join(" ")));
  return has(address);
}

function rest(words: Words): string[] {
  return (words as unknown as { words: string[] }).words;
}

function isPort(numbers: readonly string[], port: number): boolean {
  return numbers.some((text) => {
    const [first = 0, last = first] = text.replace(",", "").split("-").map(Number);
    return port >= first && port <= last;
  });
}

function verdict(table: Ruleset, words: Words, packet: Packet): Verdict | "end" | undefined {
  if (words.take("accept")) return "accept";
  if (words.take("drop")) return "drop";
  if (words.take("jump")) return runChain(table, words.next(), packet);
  if (words.take("goto")) return runChain(table, words.next(), packet) ?? "end";
  throw new Error(`unknown word ${words.next()}`);
}
