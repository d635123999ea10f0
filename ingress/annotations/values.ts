import { isIP } from "node:net";

/**
 * What the values of annotations may be, and the form in which Lua reads them. A value that cannot be read is
 * answered with the rest of the sentence "annotation NAME ...".
 */
export type Parsed = { readonly value: string } | { readonly problem: string };
export type Parser = (text: string) => Parsed;

const MAX_RANGES = 1_000;
const MAX_LIST = 64;
const MAX_TEXT = 1_024;
const MAX_SECONDS = 2_000_000;

/** As Go reads them; "true" or "" for Lua: what is false is not there. */
export const flag: Parser = (text) => {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(text)) return { value: "true" };
  if (["0", "f", "F", "FALSE", "false", "False"].includes(text)) return { value: "" };
  return { problem: `is "${text}": say "true" or "false"` };
};

/** The default is on: "off" for Lua, or "". */
export const switchedOff: Parser = (text) => {
  if (text === "on") return { value: "" };
  if (text === "off") return { value: "off" };
  return { problem: `is "${text}": say "on" or "off"` };
};

export const anyOf =
  (...allowed: readonly string[]): Parser =>
  (text) =>
    allowed.includes(text)
      ? { value: text }
      : { problem: `is "${text}": say one of ${allowed.join(", ")}` };

export const integer =
  (least: number, most: number): Parser =>
  (text) => {
    const number = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most
      ? { value: String(number) }
      : { problem: `is "${text}": it is a whole number from ${least} to ${most}` };
  };

/** Seconds without a unit, as ingress-nginx has them ("60s" is read too). */
export const seconds: Parser = (text) => integer(1, MAX_SECONDS)(text.replace(/s$/, ""));

const units: Readonly<Record<string, number>> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** nginx's sizes: "8m", "512k", "0". */
export const bytes: Parser = (text) => {
  const [, digits, unit] = /^(\d{1,9})([kmg]?)$/i.exec(text) ?? [];
  if (digits === undefined) {
    return { problem: `is "${text}": it is a size such as 512k, 8m or 1g, and 0 for no limit` };
  }
  return { value: String(Number(digits) * (units[unit?.toLowerCase() ?? ""] ?? 1)) };
};

/** "10.0.0.0/8, 2001:db8::1" as "0a000000/8,20010db8...01/128". */
export const ranges: Parser = (text) => {
  const wanted = text.split(",").map((one) => one.trim());
  if (wanted.length > MAX_RANGES) return { problem: `has more than ${MAX_RANGES} ranges` };
  const encoded: string[] = [];
  for (const one of wanted) {
    const range = encodeRange(one);
    if (!range) return { problem: `has "${one}", which is neither an address nor a range` };
    encoded.push(range);
  }
  return { value: encoded.join(",") };
};

function encodeRange(text: string): string | undefined {
  const [address = "", length, ...more] = text.split("/");
  const family = isIP(address);
  const bits = family === 6 ? 128 : 32;
  if (family === 0 || more.length > 0) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) return undefined;
  return `${family === 6 ? hexOf6(address) : hexOf4(address)}/${prefix}`;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, "0");

function hexOf4(address: string): string {
  return address.split(".").map(Number).map(hexByte).join("");
}

function hexOf6(address: string): string {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const tail = embedded?.[2] ? hexOf4(embedded[2]) : "";
  const whole = tail ? `${embedded?.[1]}${tail.slice(0, 4)}:${tail.slice(4)}` : address;
  const [head = "", rest] = whole.split("%", 1)[0]?.split("::") ?? [];
  const groups = (part: string | undefined): string[] => (part ? part.split(":") : []);
  const [before, after] = [groups(head), groups(rest)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join("");
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
// Printable ASCII: a control character in a header is another header.
const printable = /^[\x20-\x7e]+$/;

/** The name of a header or of a cookie. */
export const name: Parser = (text) =>
  token.test(text) ? { value: text } : { problem: `is "${text}": it is a name without spaces` };

export const names: Parser = (text) => {
  const wanted = listOf(text);
  if (wanted.length > MAX_LIST) return { problem: `has more than ${MAX_LIST} names` };
  const wrong = wanted.find((one) => one !== "*" && !token.test(one));
  return wrong === undefined
    ? { value: wanted.join(", ") }
    : { problem: `has "${wrong}", which is not a name` };
};

export const headerText: Parser = (text) =>
  printable.test(text) && text.length <= MAX_TEXT
    ? { value: text }
    : { problem: `must be at most ${MAX_TEXT} printable ASCII characters` };

/** A path of this host. */
export const path: Parser = (text) =>
  /^\/[\x21-\x7e]*$/.test(text) && !text.startsWith("//") && text.length <= MAX_TEXT
    ? { value: text }
    : { problem: `is "${text}": it is a path such as /shop` };

const variables = ["$request_uri", "$uri", "$args", "$host", "$scheme"];

/** Where a client is sent: a whole URL or a path; a few of nginx's variables are replaced. */
export const redirectTarget: Parser = (text) => {
  if (!/^(https?:\/\/|\/(?!\/)|\$scheme:\/\/)[\x21-\x7e]*$/.test(text) || text.length > MAX_TEXT) {
    return { problem: `is "${text}": it is a URL that begins with http://, https:// or /` };
  }
  const other = text.match(/\$\w+/g)?.find((variable) => !variables.includes(variable));
  return other
    ? { problem: `has the variable ${other}: only ${variables.join(", ")} are replaced` }
    : { value: text };
};

const hostName = /^(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export const host: Parser = (text) =>
  /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,252}$/.test(text)
    ? { value: text }
    : { problem: `is "${text}": it is the name of a host` };

export const hosts: Parser = (text) => {
  const wanted = listOf(text.toLowerCase());
  const wrong = wanted.find((one) => !hostName.test(one));
  if (wrong?.startsWith("~")) {
    return { problem: `has "${wrong}": aliases by regular expression are not served` };
  }
  if (wanted.length > MAX_LIST) return { problem: `has more than ${MAX_LIST} hosts` };
  return wrong === undefined
    ? { value: wanted.join(",") }
    : { problem: `has "${wrong}", which is not the name of a host` };
};

/** Origins: "*", "https://a.example", "https://*.example". */
export const origins: Parser = (text) => {
  const wanted = listOf(text);
  const origin = /^[a-z][a-z0-9+.-]*:\/\/(\*\.)?[A-Za-z0-9_.-]+(:\d{1,5})?$/;
  const wrong = wanted.find((one) => one !== "*" && !origin.test(one));
  if (wanted.length > MAX_LIST) return { problem: `has more than ${MAX_LIST} origins` };
  return wrong === undefined
    ? { value: wanted.join(",") }
    : { problem: `has "${wrong}": an origin is such as https://shop.example, or *` };
};

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
}
