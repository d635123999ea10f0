import type { Secret } from "#api/schema/types";

/** The users of basic authentication, from a Secret: a file of htpasswd (key `auth`), or a user per key. */
export interface ReadPasswords {
  /** "user:hash" a line. */
  readonly users?: string;
  /** The rest of a sentence about the Secret. */
  readonly problem?: string;
}

const MAX_BYTES = 65_536;
/** What libcrypt of Debian checks, and what nginx adds: apr1, {SHA}, {SSHA}, {PLAIN}. */
const hashForms = /^(\$(apr1|1|2[abxy]|5|6|7|y|gy)\$.+|\{(SHA|SSHA|PLAIN)\}.+|[./0-9A-Za-z]{13})$/;

/**
 * What a check may cost, as its author has written it: up to some 200 milliseconds and 32 MiB. One thread of
 * each nginx worker checks for everybody: bcrypt of cost 31 would keep it for days.
 */
const MAX_BCRYPT_COST = 12;
const MAX_SHA_ROUNDS = 100_000;
/** As `mkpasswd` makes scrypt up to its cost 7, and yescrypt up to 8. */
const cheapForms = /^\$(7\$[BC]U\.{4}\/\.{4}|g?y\$j([789A-C]T|[78]5)\$)/;

function isCostly(hash: string): boolean {
  const [, kind = "", settings = ""] = /^\$([0-9a-z]+)\$([^$]*)/.exec(hash) ?? [];
  if (kind.startsWith("2")) return !/^\d\d$/.test(settings) || Number(settings) > MAX_BCRYPT_COST;
  if (kind === "5" || kind === "6") {
    return Number(/^rounds=(\d+)/.exec(settings)?.[1] ?? 0) > MAX_SHA_ROUNDS;
  }
  return ["7", "y", "gy"].includes(kind) && !cheapForms.test(hash);
}

export function passwordsOf({ data = {} }: Secret, form: string): ReadPasswords {
  const text =
    form === "auth-map"
      ? Object.entries(data)
          .map(([user, hash]) => `${user}:${decode(hash).trim()}`)
          .join("\n")
      : data["auth"] && decode(data["auth"]);
  if (!text) return { problem: 'has no key "auth" with a file of htpasswd' };
  if (text.length > MAX_BYTES) return { problem: `has more than ${MAX_BYTES} bytes of passwords` };
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) {
    const [user, hash] = line.split(":", 2);
    if (!user || !hash) return { problem: "has a line that is not user:hash" };
    if (!hashForms.test(hash)) {
      return { problem: `has a password of ${user} in a form that cannot be checked: use bcrypt` };
    }
    if (isCostly(hash)) {
      return {
        problem: `has a password of ${user} that takes too long to check: use bcrypt with a cost of at most ${MAX_BCRYPT_COST}`,
      };
    }
  }
  return { users: lines.map((line) => line.split(":", 2).join(":")).join("\n") };
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
