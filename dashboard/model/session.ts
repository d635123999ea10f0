/**
 * Who looks. A token lives as long as the tab (sessionStorage) and leaves it only towards this server; without one
 * the browser's client certificate says who it is.
 */
const KEY = "kaji-token";

export function sessionToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function setSessionToken(token: string | undefined): void {
  if (token === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

/** The namespace of a service account's token, which is often the only one that it may read. */
export function namespaceOfToken(token: string): string | undefined {
  return claimsOf(token)["kubernetes.io"]?.namespace;
}

/** Why the server takes it for nobody, as far as the token itself says. */
export function whyRefused(token: string | undefined, nowMs: number): string {
  if (token === undefined) {
    return "the server knows nobody by this browser's certificate, or it showed none: log in with a token";
  }
  const { exp } = claimsOf(token);
  if (exp === undefined || exp * 1000 > nowMs) {
    return "the server does not know this token: it may have been revoked, or be of another cluster";
  }
  return `your session has ended: this token was good until ${new Date(exp * 1000).toLocaleString()}; log in with a new one`;
}

interface Claims {
  /** In seconds. */
  readonly exp?: number;
  readonly "kubernetes.io"?: { readonly namespace?: string };
}

function claimsOf(token: string): Claims {
  const [, payload] = token.split(".");
  if (!payload) return {};
  try {
    return (JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) ?? {}) as Claims;
  } catch {
    // Not a token of a service account: it says nothing of itself.
    return {};
  }
}
