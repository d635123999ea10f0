/**
 * What no published package carries: strategic-merge keys and list-map keys of Kubernetes' schema.
 * mergeKeys: definition -> property -> "key" or "key,strategy" or ",strategy" (strategy defaults to merge).
 * listTypes: definition -> property -> list-map keys, or "set" | "atomic".
 * Source: the field markers documented in the Kubernetes API reference; test/contract compares them with it.
 */
export const mergeKeys: Record<string, Record<string, string>> = {};

export const listTypes: Record<string, Record<string, readonly string[] | "set" | "atomic">> = {};
