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
  const [, payload] = token.split(".");
  if (!payload) return undefined;
  try {
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as {
      "kubernetes.io"?: { namespace?: string };
    };
    return claims["kubernetes.io"]?.namespace;
  } catch {
    // Not a token of a service account: it says nothing of a namespace.
    return undefined;
  }
}
