import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readAnnotations } from "#ingress/annotations/read";
import { ANNOTATION_PREFIX, annotationRules } from "#ingress/annotations/table";
import { packageRoot } from "#kit/package-root";

const read = (annotations: Record<string, string>) =>
  readAnnotations(
    Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [ANNOTATION_PREFIX + name, value]),
    ),
  );

/** By annotation: a value with what Lua reads, and one that is refused with a word of the sentence. */
const examples: Readonly<
  Record<string, readonly [good: string, encoded: string | undefined, bad?: string, word?: string]>
> = {
  "ssl-redirect": ["false", "", "maybe", "true"],
  "force-ssl-redirect": ["true", "true", "on", "true"],
  "permanent-redirect": ["https://a.example/$uri", "https://a.example/$uri", "javascript:x", "URL"],
  "permanent-redirect-code": ["308", "308", "200", "301"],
  "temporal-redirect": ["/there", "/there", "https://a/$cookie_x", "\\$cookie_x"],
  "temporal-redirect-code": ["307", "307", "304", "303"],
  "app-root": ["/app", "/app", "app", "path"],
  "from-to-www-redirect": ["true", "true", "yes", "true"],
  "rewrite-target": ["/$1", "/$1", "//evil.example", "path"],
  "use-regex": ["true", "true", "x", "true"],
  "server-alias": [
    "A.example, b.example",
    "a.example,b.example",
    "~^www\\d+$",
    "regular expression",
  ],
  "default-backend": ["fallback", "fallback", "two words", "name"],
  "preserve-trailing-slash": ["true", "true", "x", "true"],
  "whitelist-source-range": ["10.0.0.0/8", "0a000000/8", "10.0.0.0/33", "range"],
  "allowlist-source-range": ["2001:db8::1", "20010db8000000000000000000000001/128", "x", "range"],
  "denylist-source-range": [
    "::ffff:10.0.0.1/128",
    "00000000000000000000ffff0a000001/128",
    "",
    "range",
  ],
  "auth-type": ["basic", "basic", "digest", "basic"],
  "auth-secret": ["users", "users", "a\nb", "printable"],
  "auth-secret-type": ["auth-map", "auth-map", "file", "auth-file"],
  "auth-realm": ["Shop", "Shop", "a\r\nSet-Cookie: x", "printable"],
  satisfy: ["all", "all", "any", "all"],
  "limit-rps": ["5", "5", "-1", "whole number"],
  "limit-rpm": ["300", "300", "5/s", "whole number"],
  "limit-connections": ["10", "10", "many", "whole number"],
  "limit-burst-multiplier": ["2", "2", "0", "from 1"],
  "limit-whitelist": ["10.0.0.1", "0a000001/32", "10.0.0", "range"],
  "limit-allowlist": ["10.0.0.1", "0a000001/32", "10.0.0.0/8/8", "range"],
  "limit-rate": ["100", "100", "1m", "whole number"],
  "proxy-body-size": ["8m", "8388608", "8mb", "size"],
  "backend-protocol": ["GRPC", "GRPC", "FCGI", "GRPCS"],
  "proxy-connect-timeout": ["10", "10", "0", "whole number"],
  "proxy-send-timeout": ["120s", "120", "2h", "whole number"],
  "proxy-read-timeout": ["3600", "3600", "1.5", "whole number"],
  "proxy-next-upstream": ["off", "off", "error http_500", "error timeout"],
  "proxy-next-upstream-tries": ["2", "2", "99", "to 10"],
  "proxy-buffering": ["off", "off", "false", "on"],
  "proxy-request-buffering": ["off", "off", "no", "on"],
  "proxy-buffer-size": ["16k", "16384", "1m", "64k"],
  "proxy-http-version": ["1.1", "1.1", "1.0", "1.1"],
  "upstream-vhost": ["internal.example:8080", "internal.example:8080", "a b", "host"],
  "x-forwarded-prefix": ["/shop", "/shop", "true", "path"],
  "connection-proxy-header": ["keep-alive", "keep-alive", "close", "keep-alive"],
  "proxy-ssl-name": ["internal.example", "internal.example", "a;b", "host"],
  "proxy-ssl-server-name": ["on", "on", "off", "on"],
  "proxy-ssl-verify": ["off", "off", "on", "off"],
  "load-balance": ["ewma", "ewma", "ip_hash", "round_robin"],
  affinity: ["cookie", "cookie", "ip", "cookie"],
  "affinity-mode": ["persistent", "persistent", "x", "balanced"],
  "affinity-canary-behavior": ["legacy", "legacy", "x", "sticky"],
  "session-cookie-name": ["route", "route", "a;b", "name"],
  "session-cookie-path": ["/", "/", "/; HttpOnly", "semicolon"],
  "session-cookie-domain": [".example", ".example", "a b", "space"],
  "session-cookie-expires": ["3600", "3600", "x", "whole number"],
  "session-cookie-max-age": ["3600", "3600", "1h", "whole number"],
  "session-cookie-samesite": ["Lax", "Lax", "lax", "Strict"],
  "session-cookie-secure": ["true", "true", "x", "true"],
  "session-cookie-change-on-failure": ["true", "true", "x", "true"],
  "enable-cors": ["true", "true", "x", "true"],
  "cors-allow-origin": [
    "https://*.a.example, http://b:8080",
    "https://*.a.example,http://b:8080",
    "a.example",
    "origin",
  ],
  "cors-allow-methods": ["GET, PUT", "GET, PUT", "GET;PUT", "name"],
  "cors-allow-headers": ["X-One,X-Two", "X-One, X-Two", "X One", "name"],
  "cors-expose-headers": ["*", "*", "a:b", "name"],
  "cors-allow-credentials": ["false", "", "x", "true"],
  "cors-max-age": ["600", "600", "x", "whole number"],
  canary: ["true", "true", "x", "true"],
  "canary-weight": ["20", "20", "20%", "whole number"],
  "canary-weight-total": ["1000", "1000", "0", "from 1"],
  "canary-by-header": ["X-Canary", "X-Canary", "X Canary", "name"],
  "canary-by-header-value": ["yes", "yes", "a\tb", "printable"],
  "canary-by-header-pattern": ["^v[12]$", "^v[12]$", "(a*)*", "repetition"],
  "canary-by-cookie": ["tester", "tester", "a=b", "name"],
};

/** What has to stand beside an annotation so that it says anything. */
function beside(name: string): Record<string, string> {
  const rule = annotationRules.find((one) => one.name === name);
  const needed = rule && "read" in rule ? rule.beside : undefined;
  return needed ? { ...beside(needed), [needed]: examples[needed]?.[0] ?? "" } : {};
}

const understood = annotationRules.flatMap((rule) => ("read" in rule ? [rule] : []));
const refused = annotationRules.flatMap((rule) => ("refusal" in rule ? [rule] : []));

describe("annotations", () => {
  test("each has one rule, and each that is understood has an example here", () => {
    const names = annotationRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(examples).sort()).toEqual(understood.map(({ name }) => name).sort());
  });

  test.each(understood.map(({ name }) => name))("%s is understood", (name) => {
    const [good = "", encoded] = examples[name] ?? [];
    const { fields, problems, closed } = read({ ...beside(name), [name]: good });
    expect({ value: fields.get(name), problems, closed }).toEqual({
      ...{ value: encoded, problems: [], closed: undefined },
    });
  });

  test.each(understood)(
    "$name with another value is refused with a sentence",
    ({ name, closes }) => {
      const [, , bad = "", word = ""] = examples[name] ?? [];
      const { fields, problems, closed } = read({ ...beside(name), [name]: bad });
      expect(fields.has(name)).toBe(false);
      expect(problems.map(({ reason }) => reason)).toEqual(["AnnotationInvalid"]);
      expect(problems[0]?.message).toMatch(
        new RegExp(`^annotation ${ANNOTATION_PREFIX}${name} .*${word}`),
      );
      expect(closed !== undefined).toBe(closes === true);
    },
  );

  test.each(refused)("$name is refused by name", ({ name, refusal, closes }) => {
    const { fields, problems, closed } = read({ [name]: "anything" });
    expect(fields.size).toBe(0);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(`annotation ${ANNOTATION_PREFIX}${name} ${refusal}`);
    expect(closed !== undefined).toBe(closes === true);
    expect(read({ [name]: "false" }).problems).toEqual([]);
  });

  test("what would let somebody in closes the paths; no snippet is ever read", () => {
    const closing = refused.filter(({ closes }) => closes).map(({ name }) => name);
    expect(closing).toEqual(
      expect.arrayContaining([
        "auth-url",
        "auth-tls-secret",
        "configuration-snippet",
        "server-snippet",
      ]),
    );
    expect(
      refused.filter(({ name }) => name.endsWith("-snippet")).every(({ closes }) => closes),
    ).toBe(true);
  });

  test("one that ingress-nginx does not have is named, and another program's is left alone", () => {
    const { problems, closed } = readAnnotations({
      [`${ANNOTATION_PREFIX}limit-rsp`]: "5",
      "cert-manager.io/cluster-issuer": "x",
    });
    expect(problems.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      "AnnotationUnknown: annotation nginx.ingress.kubernetes.io/limit-rsp is not known: nothing follows from it",
    ]);
    expect(closed).toBeUndefined();
  });

  test("the guide names every one of them, under what becomes of it", () => {
    const guide = readFileSync(join(packageRoot(), "docs/ingress.md"), "utf8");
    const named = (text: string): Set<string> => new Set(text.match(/`[a-z0-9-]+`/g));
    const [before = "", after = ""] = guide.split("Refused by name:");
    const [notServed = "", served = ""] = (after.split("\n## ")[0] ?? "").split(
      "- served without it:",
    );
    const wanted = (closes: boolean) =>
      refused.filter((rule) => (rule.closes === true) === closes).map(({ name }) => `\`${name}\``);
    expect([...named(notServed)].sort()).toEqual(wanted(true).sort());
    expect([...named(served)].sort()).toEqual(wanted(false).sort());
    for (const { name } of understood) expect(named(before)).toContain(`\`${name}\``);
  });

  test("one that says something only beside another says nothing without it", () => {
    expect(read({ "session-cookie-name": "a", "cors-max-age": "5" }).fields.size).toBe(0);
  });
});
