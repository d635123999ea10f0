import { useObjects } from "#dashboard/parts/use-collection";
import type { Resource } from "#dashboard/model/resources";

/** One object, live; undefined while it is not there (any more). */
export function useObject<T extends { readonly metadata: object }>(
  resource: Resource,
  namespace: string | undefined,
  name: string,
): {
  readonly object: T | undefined;
  readonly isComplete: boolean;
  readonly problem: string | undefined;
} {
  // A name comes from an address, which anybody may have written: it is one value, whatever is in it.
  const value = name.replaceAll(/[\\,=]/g, "\\$&");
  const list = useObjects<T>(resource, { namespace, fieldSelector: `metadata.name=${value}` });
  const [object] = list.items.values();
  const { isComplete, problem } = list;
  return { object, isComplete, problem };
}
