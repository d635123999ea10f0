import { useEffect, useMemo, useState } from "preact/hooks";
import {
  type Form,
  type LiveCollection,
  liveCollection,
  objectForm,
} from "#dashboard/model/live-collection";
import { columnsOf, type TableColumn, tableForm, type TableRow } from "#dashboard/model/live-table";
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
  const { version } = collection;
  useEffect(() => {
    const draw = (): void => setVersion(collection.version);
    // It may be others' too, and have changed since this was drawn.
    if (collection.version !== version) draw();
    return collection.subscribe(draw);
  }, [collection]);
  return collection;
}

/** Rows of a kind, and the columns that they have. */
export function useTable(
  resource: Resource,
  selection: Selection,
): { readonly list: LiveCollection<TableRow>; readonly columns: readonly TableColumn[] } {
  const list = useCollection(resource, selection, tableForm);
  return { list, columns: columnsOf(list) };
}

const anyObject = objectForm<{ metadata: { uid?: string } }>();

/** Whole objects of a kind. */
export function useObjects<T extends { readonly metadata: object }>(
  resource: Resource,
  selection: Selection = {},
): LiveCollection<T> {
  return useCollection(resource, selection, anyObject) as unknown as LiveCollection<T>;
}
