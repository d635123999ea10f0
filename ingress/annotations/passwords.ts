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
  }
  return { users: lines.map((line) => line.split(":", 2).join(":")).join("\n") };
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
