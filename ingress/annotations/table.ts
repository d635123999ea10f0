import { regex } from "#ingress/annotations/regex";
import * as is from "#ingress/annotations/values";

/**
 * Every annotation of ingress-nginx (1.14): understood, or refused with the sentence that users read. What
 * `closes` would, if it were ignored, let in somebody who is to stay out: the Ingress' paths then answer 503. Anything
 * else that is refused or cannot be read is said in an event, and the paths are served without it.
 */
export type AnnotationRule = Understood | Refused;

export interface Understood {
  readonly name: string;
  readonly read: is.Parser;
  /** It says nothing without this one. */
  readonly beside?: string;
  readonly closes?: boolean;
  /** What it asks for is done unless it says "false". */
  readonly isOnByDefault?: boolean;
}

export interface Refused {
  readonly name: string;
  readonly refusal: string;
  readonly closes?: boolean;
}

export const ANNOTATION_PREFIX = "nginx.ingress.kubernetes.io/";

/** What nginx sets aside for the head of an answer on a route with annotations (`ingress/nginx/locations.ts`). */
const BUFFER_BYTES = 65_536;

const redirects: readonly AnnotationRule[] = [
  { name: "ssl-redirect", read: is.flag, isOnByDefault: true },
  { name: "force-ssl-redirect", read: is.flag },
  { name: "permanent-redirect", read: is.redirectTarget },
  {
    name: "permanent-redirect-code",
    read: is.anyOf("301", "302", "303", "307", "308"),
    beside: "permanent-redirect",
  },
  { name: "temporal-redirect", read: is.redirectTarget },
  {
    name: "temporal-redirect-code",
    read: is.anyOf("301", "302", "303", "307", "308"),
    beside: "temporal-redirect",
  },
  { name: "app-root", read: is.path },
  { name: "from-to-www-redirect", read: is.flag },
  { name: "rewrite-target", read: is.path },
  { name: "use-regex", read: is.flag },
  { name: "server-alias", read: is.hosts },
  { name: "default-backend", read: is.name },
  { name: "preserve-trailing-slash", read: is.flag },
];

const access: readonly AnnotationRule[] = [
  { name: "whitelist-source-range", read: is.ranges, closes: true },
  { name: "allowlist-source-range", read: is.ranges, closes: true },
  { name: "denylist-source-range", read: is.ranges, closes: true },
  { name: "auth-type", read: is.anyOf("basic"), closes: true },
  { name: "auth-secret", read: is.headerText, beside: "auth-type", closes: true },
  { name: "auth-secret-type", read: is.anyOf("auth-file", "auth-map"), closes: true },
  { name: "auth-realm", read: is.headerText, beside: "auth-type" },
  { name: "satisfy", read: is.anyOf("all") },
];

const limits: readonly AnnotationRule[] = [
  { name: "limit-rps", read: is.integer(0, 1_000_000) },
  { name: "limit-rpm", read: is.integer(0, 1_000_000) },
  { name: "limit-connections", read: is.integer(0, 1_000_000) },
  { name: "limit-burst-multiplier", read: is.integer(1, 1_000) },
  { name: "limit-whitelist", read: is.ranges },
  { name: "limit-allowlist", read: is.ranges },
  { name: "limit-rate", read: is.integer(0, 1_000_000_000) },
  { name: "proxy-body-size", read: is.bytes },
];

const upstream: readonly AnnotationRule[] = [
  { name: "backend-protocol", read: is.anyOf("HTTP", "HTTPS", "GRPC", "GRPCS", "AUTO_HTTP") },
  { name: "proxy-connect-timeout", read: is.seconds },
  { name: "proxy-send-timeout", read: is.seconds },
  { name: "proxy-read-timeout", read: is.seconds },
  { name: "proxy-next-upstream", read: nextUpstream },
  { name: "proxy-next-upstream-tries", read: is.integer(0, 10) },
  { name: "proxy-buffering", read: is.switchedOff },
  { name: "proxy-request-buffering", read: is.switchedOff },
  { name: "proxy-buffer-size", read: bufferSize },
  { name: "proxy-http-version", read: is.anyOf("1.1") },
  { name: "upstream-vhost", read: is.host },
  { name: "x-forwarded-prefix", read: is.path },
  { name: "connection-proxy-header", read: is.anyOf("keep-alive") },
  { name: "proxy-ssl-name", read: is.host },
  { name: "proxy-ssl-server-name", read: is.anyOf("on") },
  { name: "proxy-ssl-verify", read: is.anyOf("off"), closes: true },
  { name: "load-balance", read: is.anyOf("round_robin", "ewma") },
];

const sticky: readonly AnnotationRule[] = [
  { name: "affinity", read: is.anyOf("cookie") },
  { name: "affinity-mode", read: is.anyOf("balanced", "persistent"), beside: "affinity" },
  { name: "affinity-canary-behavior", read: is.anyOf("sticky", "legacy") },
  { name: "session-cookie-name", read: is.name, beside: "affinity" },
  { name: "session-cookie-path", read: cookiePart, beside: "affinity" },
  { name: "session-cookie-domain", read: cookiePart, beside: "affinity" },
  { name: "session-cookie-expires", read: is.integer(0, 1_000_000_000), beside: "affinity" },
  { name: "session-cookie-max-age", read: is.integer(0, 1_000_000_000), beside: "affinity" },
  { name: "session-cookie-samesite", read: is.anyOf("None", "Lax", "Strict"), beside: "affinity" },
  { name: "session-cookie-secure", read: is.flag, beside: "affinity" },
  { name: "session-cookie-change-on-failure", read: is.flag, beside: "affinity" },
  {
    name: "session-cookie-conditional-samesite-none",
    refusal: "is not needed any more: browsers that mistook SameSite=None are gone",
  },
];

const crossOrigin: readonly AnnotationRule[] = [
  { name: "enable-cors", read: is.flag },
  { name: "cors-allow-origin", read: is.origins, beside: "enable-cors" },
  { name: "cors-allow-methods", read: is.names, beside: "enable-cors" },
  { name: "cors-allow-headers", read: is.names, beside: "enable-cors" },
  { name: "cors-expose-headers", read: is.names, beside: "enable-cors" },
  {
    name: "cors-allow-credentials",
    ...{ read: is.flag, beside: "enable-cors", isOnByDefault: true },
  },
  { name: "cors-max-age", read: is.integer(0, 100_000_000), beside: "enable-cors" },
];

const canary: readonly AnnotationRule[] = [
  { name: "canary", read: is.flag },
  { name: "canary-weight", read: is.integer(0, 1_000_000), beside: "canary" },
  { name: "canary-weight-total", read: is.integer(1, 1_000_000), beside: "canary" },
  { name: "canary-by-header", read: is.name, beside: "canary" },
  { name: "canary-by-header-value", read: is.headerText, beside: "canary-by-header" },
  { name: "canary-by-header-pattern", read: regex, beside: "canary-by-header" },
  { name: "canary-by-cookie", read: is.name, beside: "canary" },
];

const SNIPPET =
  "is refused: raw text in nginx's configuration would let its author read every Secret (CVE-2025-1974)";
const WAF = "is refused: nginx runs without ModSecurity; put a web application firewall in front";
const AUTH_REQUEST =
  "is refused: requests are not checked by another service; use auth-type: basic, or check in the application";
const CLIENT_CERTIFICATE =
  "is refused: client certificates are not checked here; end TLS in the application";
const ELSEWHERE = "is a setting of the whole ingress, not of an Ingress";
const TRACING = "is refused: nginx runs without a tracing module";
const REWRITTEN = "is refused: answers are passed on as the application wrote them";
const GLOBAL_LIMIT =
  "is refused: limits hold for each ingress node; use limit-rps or limit-connections";
const HASHING = "is refused: use affinity: cookie to keep a client at one endpoint";

const snippets = [
  ...["configuration-snippet", "server-snippet", "stream-snippet", "auth-snippet"],
  "modsecurity-snippet",
];

const refused: readonly Refused[] = [
  ...snippets.map((name) => ({ name, refusal: SNIPPET, closes: true })),
  ...all(WAF, true, "enable-modsecurity", "enable-owasp-core-rules"),
  ...all(WAF, false, "modsecurity-transaction-id"),
  ...all(AUTH_REQUEST, true, "auth-url", "enable-global-auth"),
  ...all(
    AUTH_REQUEST,
    false,
    ...["auth-cache-key", "auth-cache-duration", "auth-keepalive", "auth-keepalive-requests"],
    ...["auth-keepalive-share-vars", "auth-keepalive-timeout", "auth-proxy-set-headers"],
    ...["auth-method", "auth-signin", "auth-signin-redirect-param", "auth-response-headers"],
    ...["auth-request-redirect", "auth-always-set-cookie"],
  ),
  ...all(
    CLIENT_CERTIFICATE,
    true,
    ...["auth-tls-secret", "auth-tls-verify-client", "auth-tls-match-cn"],
  ),
  ...all(
    CLIENT_CERTIFICATE,
    false,
    ...["auth-tls-verify-depth", "auth-tls-error-page"],
    "auth-tls-pass-certificate-to-upstream",
  ),
  ...all(
    "is refused: nginx cannot show a certificate of its own for each route",
    true,
    "proxy-ssl-secret",
  ),
  ...all(
    "is a setting of TLS that is the same for all: TLS 1.2 and 1.3 with OpenSSL's ciphers",
    false,
    ...["proxy-ssl-ciphers", "proxy-ssl-protocols", "proxy-ssl-verify-depth", "ssl-ciphers"],
    "ssl-prefer-server-ciphers",
  ),
  ...all(
    ELSEWHERE,
    false,
    ...["client-body-buffer-size", "proxy-buffers-number", "proxy-busy-buffers-size"],
    ...["proxy-max-temp-file-size", "proxy-next-upstream-timeout", "enable-access-log"],
    ...["enable-rewrite-log", "http2-push-preload", "limit-rate-after", "relative-redirects"],
  ),
  ...all(
    TRACING,
    false,
    ...["enable-opentracing", "opentracing-trust-incoming-span", "enable-opentelemetry"],
    ...["opentelemetry-trust-incoming-span", "opentelemetry-operation-name"],
  ),
  ...all(
    REWRITTEN,
    false,
    ...["proxy-cookie-domain", "proxy-cookie-path", "proxy-redirect-from", "proxy-redirect-to"],
    ...["custom-http-errors", "disable-proxy-intercept-errors", "custom-headers"],
  ),
  ...all(
    GLOBAL_LIMIT,
    false,
    ...["global-rate-limit", "global-rate-limit-window", "global-rate-limit-key"],
    "global-rate-limit-ignored-cidrs",
  ),
  ...all(HASHING, false, "upstream-hash-by", "upstream-hash-by-subset"),
  ...all(HASHING, false, "upstream-hash-by-subset-size"),
  ...all(
    "is refused: copies of requests go to another version of the same application: annotate the Deployment with kaji.dev/traffic",
    false,
    ...["mirror-target", "mirror-host", "mirror-request-body"],
  ),
  ...all(
    "is refused: endpoints are chosen by the ingress, so that none is stopped with a request in flight",
    false,
    "service-upstream",
  ),
  ...all("is refused: TLS always ends here", true, "ssl-passthrough"),
  ...all('was given up by ingress-nginx: use backend-protocol: "HTTPS"', false, "secure-backends"),
  ...all(
    "was given up by ingress-nginx: the application's own links need a base",
    false,
    ...["add-base-url", "base-url-scheme"],
  ),
];

export const annotationRules: readonly AnnotationRule[] = [
  ...redirects,
  ...access,
  ...limits,
  ...upstream,
  ...sticky,
  ...crossOrigin,
  ...canary,
  ...refused,
];

function all(refusal: string, closes: boolean, ...names: readonly string[]): Refused[] {
  return names.map((name) => ({ name, refusal, ...(closes ? { closes } : {}) }));
}

function nextUpstream(text: string): is.Parsed {
  const words = text.split(/\s+/).filter(Boolean).sort().join(" ");
  if (words === "error timeout") return { value: "" };
  if (words === "off") return { value: "off" };
  return {
    problem: `is "${text}": a request is asked again after "error timeout", or never: "off"`,
  };
}

/** Answers' heads up to this size are read whatever is asked. */
function bufferSize(text: string): is.Parsed {
  const size = is.bytes(text);
  if ("problem" in size) return size;
  return Number(size.value) <= BUFFER_BYTES
    ? size
    : { problem: `is "${text}": the head of an answer has at most 64k` };
}

function cookiePart(text: string): is.Parsed {
  return /^[\x21-\x3a\x3c-\x7e]{1,256}$/.test(text)
    ? { value: text }
    : { problem: `is "${text}": it may have no space and no semicolon` };
}
