import { useMemo, useState } from "preact/hooks";
import type { TableColumn, TableRow } from "#dashboard/model/live-table";
import { objectParts, type Resource } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { shownRows } from "#dashboard/model/table-rows";
import { formatAge } from "#dashboard/model/units";
import { Grid, type GridColumn } from "#dashboard/parts/grid";
import { NameLink } from "#dashboard/parts/name-link";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { Tone } from "#dashboard/parts/tone";
import { useTable } from "#dashboard/parts/use-collection";
import { useNow } from "#dashboard/parts/use-now";

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
  const scope = resource.isNamespaced ? namespace : undefined;
  const { list, columns } = useTable(resource, { namespace: scope });
  const rows = useMemo(
    () => shownRows(list.items.values(), filter, isNewestFirst),
    [list.version, list, filter, isNewestFirst],
  );
  const parts = hrefParts ?? objectParts(resource);
  const hrefOfRow = ({ object }: TableRow): string => {
    const { namespace: at = "-", name } = object.metadata;
    return hrefOf([...parts, at, name]);
  };
  const showsNamespace = resource.isNamespaced && !scope;
  const nowMs = useNow();
  const shownColumns = useMemo(
    () => gridColumns(columns, showsNamespace, hrefOfRow, nowMs),
    [columns, showsNamespace, parts.join("/"), nowMs],
  );
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
        label={title}
        columns={shownColumns}
        rows={rows}
        empty={list.isComplete ? "Nothing is here." : "Reading …"}
        keyOf={({ object }) => object.metadata.uid}
        hrefOf={hrefOfRow}
      />
    </>
  );
}

function gridColumns(
  columns: readonly TableColumn[],
  showsNamespace: boolean,
  hrefOfRow: (row: TableRow) => string,
  nowMs: number,
): GridColumn<TableRow>[] {
  const shown = columns.flatMap((column, at): GridColumn<TableRow>[] => {
    if (column.priority > 0) return [];
    const isName = column.name === "Name";
    const isAge = column.name === "Age";
    const text = (row: TableRow): string | number => {
      // The server's word is as old as the row.
      if (isAge) return formatAge(row.object.metadata.creationTimestamp, nowMs);
      const cell = row.cells[at] ?? "";
      return typeof cell === "number" ? cell : String(cell);
    };
    return [
      {
        name: column.name,
        width: widthOf(column),
        ...(column.description ? { title: column.description } : {}),
        text,
        ...(isAge ? { order: ageOrder } : {}),
        ...(isName ? { isMain: true } : {}),
        ...(column.name === "Status" ? { isPlain: true } : {}),
        view: (row) =>
          isName ? (
            <NameLink href={hrefOfRow(row)} name={String(text(row))} />
          ) : (
            <Tone word={String(text(row))} />
          ),
      },
    ];
  });
  const namespace: GridColumn<TableRow> = {
    name: "Namespace",
    width: "140px",
    isPlain: true,
    text: ({ object }) => object.metadata.namespace ?? "",
  };
  return showsNamespace ? [namespace, ...shown] : shown;
}

/** The words of an age do not sort: "2h" is more than "5m". */
function ageOrder({ object }: TableRow): number {
  return -Date.parse(object.metadata.creationTimestamp ?? "");
}

function widthOf({ name, type }: TableColumn): string {
  if (name === "Name") return "minmax(220px, 2fr)";
  if (name === "Message") return "minmax(320px, 4fr)";
  if (type === "integer" || name === "Age" || name === "Ready") return "90px";
  return "minmax(110px, 1fr)";
}
