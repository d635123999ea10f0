import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Which namespace one looks at; undefined: all of them. */
export interface Scope {
  readonly namespace: string | undefined;
  choose(namespace: string | undefined): void;
}

const KEY = "kaji-namespace";

export const ScopeContext = createContext<Scope>({ namespace: undefined, choose: () => undefined });

export function useScope(): Scope {
  return useContext(ScopeContext);
}

export function rememberedNamespace(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

export function rememberNamespace(namespace: string | undefined): void {
  if (namespace === undefined) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, namespace);
}
