import { useMemo, useState } from "preact/hooks";
import { tableForm, type TableColumn, type TableRow } from "#dashboard/model/live-table";
import { objectParts, type Resource } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { Grid, type GridColumn } from "#dashboard/parts/grid";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { Tone } from "#dashboard/parts/tone";
import { useCollection } from "#dashboard/parts/use-collection";

/** Every object of a kind, by the columns that the kind itself defines: what kubectl shows, live. */
export function ListPage({
  title,
  resource,
  hrefParts,
  isNewestFirst = false,
}: {
  title: string;
  resource: Resource;
  /** The address of an object's own page; default: the page that every kind has. */
  hrefParts?: readonly string[];
  isNewestFirst?: boolean;
}) {
  const { namespace } = useScope();
  const [filter, setFilter] = useState("");
  const [columns, setColumns] = useState<readonly TableColumn[]>([]);
  const form = useMemo(() => tableForm(setColumns), [resource.plural, resource.group]);
  const scope = resource.isNamespaced ? namespace : undefined;
  const list = useCollection(resource, { namespace: scope }, form);
  const rows = useMemo(
    () => shownRows(list.items, filter, isNewestFirst),
    [list.version, list, filter, isNewestFirst],
  );
  const hrefOfRow = ({ object }: TableRow): string => {
    const { namespace: at = "-", name } = object.metadata;
    return hrefOf([...(hrefParts ?? objectParts(resource)), at, name]);
  };
  return (
    <>
      <div class="top">
        <h1>{title}</h1>
        <span class="soft">
          {rows.length}
          {list.isComplete ? "" : " …"}
        </span>
        <span class="space" />
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <Notice text={list.problem} isError />
      <Grid
        columns={gridColumns(columns, resource.isNamespaced && !scope, hrefOfRow)}
        rows={rows}
        empty={list.isComplete ? "Nothing is here." : "Reading …"}
        keyOf={({ object }) => object.metadata.uid}
        hrefOf={hrefOfRow}
      />
    </>
  );
}

function shownRows(
  items: ReadonlyMap<string, TableRow>,
  filter: string,
  isNewestFirst: boolean,
): TableRow[] {
  const wanted = filter.trim().toLowerCase();
  const rows = [...items.values()].filter(
    (row) => wanted === "" || textOf(row).toLowerCase().includes(wanted),
  );
  const created = ({ object }: TableRow): string => object.metadata.creationTimestamp ?? "";
  if (isNewestFirst) return rows.sort((a, b) => created(b).localeCompare(created(a)));
  return rows.sort((a, b) => placeOf(a).localeCompare(placeOf(b)));
}

function placeOf({ object: { metadata } }: TableRow): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function textOf(row: TableRow): string {
  return `${placeOf(row)} ${row.cells.join(" ")}`;
}

function gridColumns(
  columns: readonly TableColumn[],
  showsNamespace: boolean,
  hrefOfRow: (row: TableRow) => string,
): GridColumn<TableRow>[] {
  const shown = columns.flatMap((column, at): GridColumn<TableRow>[] => {
    if (column.priority > 0) return [];
    const text = (row: TableRow): string | number => {
      const cell = row.cells[at] ?? "";
      return typeof cell === "number" ? cell : String(cell);
    };
    const isName = column.name === "Name";
    return [
      {
        name: column.name,
        width: widthOf(column),
        ...(column.description ? { title: column.description } : {}),
        text,
        view: (row) =>
          isName ? <a href={hrefOfRow(row)}>{text(row)}</a> : <Tone word={String(text(row))} />,
      },
    ];
  });
  const namespace: GridColumn<TableRow> = {
    name: "Namespace",
    width: "140px",
    text: ({ object }) => object.metadata.namespace ?? "",
  };
  return showsNamespace ? [namespace, ...shown] : shown;
}

function widthOf({ name, type }: TableColumn): string {
  if (name === "Name") return "minmax(220px, 2fr)";
  if (name === "Message") return "minmax(320px, 4fr)";
  if (type === "integer" || name === "Age" || name === "Ready") return "90px";
  return "minmax(110px, 1fr)";
}
