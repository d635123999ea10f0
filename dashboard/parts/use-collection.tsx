import { useEffect, useMemo, useState } from "preact/hooks";
import {
  type Form,
  type LiveCollection,
  liveCollection,
  objectForm,
} from "#dashboard/model/live-collection";
import { pathOf, type Resource } from "#dashboard/model/resources";

export interface Selection {
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** A live list for as long as the component is shown; it is drawn anew when the list changes. */
export function useCollection<T>(
  resource: Resource,
  selection: Selection,
  form: Form<T>,
): LiveCollection<T> {
  const { namespace, labelSelector, fieldSelector } = selection;
  const path = pathOf(resource, namespace);
  const collection = useMemo(() => {
    const query: Record<string, string> = {};
    if (labelSelector) query.labelSelector = labelSelector;
    if (fieldSelector) query.fieldSelector = fieldSelector;
    return liveCollection({ path, query, form });
  }, [path, labelSelector, fieldSelector, form]);
  const [, setVersion] = useState(0);
  useEffect(() => collection.subscribe(() => setVersion(collection.version)), [collection]);
  return collection;
}

const anyObject = objectForm<{ metadata: { uid?: string } }>();

/** Whole objects of a kind. */
export function useObjects<T extends { readonly metadata: object }>(
  resource: Resource,
  selection: Selection = {},
): LiveCollection<T> {
  return useCollection(resource, selection, anyObject) as unknown as LiveCollection<T>;
}
