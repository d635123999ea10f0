import { Component, type ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { SortedRows } from "#dashboard/model/sorted-rows";

/**
 * A table that draws only the rows in sight, so that 10,000 of them scroll as smoothly as ten. Rows have one
 * height; arrow keys move, Enter opens. A row that is the same object as before, under the same columns, is not
 * drawn again. On a phone each row is a small card: its main column as the head, the others with their names below.
 */
export interface GridColumn<T> {
  readonly name: string;
  readonly width: string;
  readonly title?: string;
  /** The head of a card; default: the first column is. */
  readonly isMain?: boolean;
  /** In a card its words are understood without its name. */
  readonly isPlain?: boolean;
  text(row: T): string | number;
  /** What it is sorted by, where the text does not say. */
  order?(row: T): number;
  view?(row: T): ComponentChildren;
}

export interface GridProps<T> {
  readonly label: string;
  readonly columns: readonly GridColumn<T>[];
  readonly rows: readonly T[];
  readonly empty: string;
  keyOf(row: T): string;
  hrefOf?(row: T): string;
}

const ROW_PX = 34;
const CARD_PX = 88;
const OVERSCAN = 8;
/** So many rows pass between two drawings while it is scrolled. */
const STEP = 4;

export function Grid<T>({ label, columns, rows, empty, keyOf, hrefOf }: GridProps<T>) {
  const [sort, setSort] = useState<{ column: number; isDescending: boolean }>();
  const [selected, setSelected] = useState(0);
  const isNarrow = useNarrow();
  const rowPx = isNarrow ? CARD_PX : ROW_PX;
  const { box, from, to } = useWindow(rows.length, rowPx);
  const shown = useSorted(rows, columns, sort);
  const gridTemplateColumns = columns.map(({ width }) => width).join(" ");
  const leastWidth = columns.reduce((sum, { width }) => sum + leastPx(width), 0);
  const minWidth = isNarrow ? "0" : `${leastWidth}px`;
  const onKey = (event: KeyboardEvent): void => {
    const row = shown[selected];
    if (event.key === "Enter" && row && hrefOf) location.hash = hrefOf(row);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(shown.length - 1, selected + step));
    setSelected(next);
    keepInSight(box.current, next, rowPx);
  };
  return (
    <div
      class={isNarrow ? "grid cards-of-rows" : "grid"}
      ref={box}
      tabIndex={0}
      role="grid"
      aria-rowcount={rows.length}
      onKeyDown={onKey}
      aria-label={label}
    >
      <div class="head" role="row" style={{ gridTemplateColumns, minWidth }}>
        {columns.map((column, at) => (
          <div
            class="cell"
            role="columnheader"
            key={column.name}
            title={column.title}
            aria-sort={sortOf(sort, at)}
          >
            <button type="button" onClick={() => setSort(nextSort(sort, at))}>
              {column.name}
              {sort?.column === at ? (sort.isDescending ? " ▾" : " ▴") : ""}
            </button>
          </div>
        ))}
      </div>
      {rows.length === 0 && <p class="soft cell">{empty}</p>}
      <div style={{ height: `${shown.length * rowPx}px`, position: "relative" }}>
        {shown.slice(from, to).map((row, i) => (
          <GridRow
            key={keyOf(row)}
            row={row}
            at={from + i}
            rowPx={rowPx}
            columns={columns}
            gridTemplateColumns={gridTemplateColumns}
            minWidth={minWidth}
            isSelected={from + i === selected}
            onSelect={setSelected}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps<T> {
  readonly row: T;
  readonly at: number;
  readonly rowPx: number;
  readonly columns: readonly GridColumn<T>[];
  readonly gridTemplateColumns: string;
  readonly minWidth: string;
  readonly isSelected: boolean;
  readonly onSelect: (at: number) => void;
}

class GridRow<T> extends Component<RowProps<T>> {
  override shouldComponentUpdate(next: RowProps<T>): boolean {
    const now = this.props;
    return COMPARED.some((name) => next[name] !== now[name]);
  }

  override render({ row, at, rowPx, columns, isSelected, onSelect, ...widths }: RowProps<T>) {
    const place = { position: "absolute", top: `${at * rowPx}px`, left: 0, right: 0 };
    const main = columns.find(({ isMain }) => isMain) ?? columns[0];
    return (
      <div
        class="row"
        role="row"
        aria-selected={isSelected}
        style={{
          gridTemplateColumns: widths.gridTemplateColumns,
          minWidth: widths.minWidth,
          ...place,
        }}
        onClick={() => onSelect(at)}
      >
        {columns.map((column) => (
          <div
            class={column === main ? "cell main" : "cell"}
            role="gridcell"
            key={column.name}
            title={String(column.text(row))}
            data-name={column.isPlain ? undefined : column.name.trim()}
          >
            {column.view ? column.view(row) : column.text(row)}
          </div>
        ))}
      </div>
    );
  }
}

const COMPARED = ["row", "at", "rowPx", "columns", "isSelected"] as const;

/** A phone's screen, as the styles have it too. */
const NARROW = "(max-width: 760px)";

function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = (): void => setNarrow(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);
  return isNarrow;
}

/** Which rows are in sight. */
function useWindow(count: number, rowPx: number) {
  const box = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState({ from: 0, to: 60 });
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const update = (): void => {
      const top = Math.floor(element.scrollTop / rowPx / STEP) * STEP;
      const from = Math.max(0, top - OVERSCAN);
      const to = top + Math.ceil(element.clientHeight / rowPx) + STEP + OVERSCAN;
      setRange((known) => (known.from === from && known.to === to ? known : { from, to }));
    };
    update();
    element.addEventListener("scroll", update, { passive: true });
    const observer = new ResizeObserver(update);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", update);
      observer.disconnect();
    };
  }, [rowPx]);
  return { box, from: Math.min(range.from, Math.max(0, count - 1)), to: range.to };
}

function keepInSight(element: HTMLElement | null, row: number, rowPx: number): void {
  if (!element) return;
  const top = row * rowPx;
  // The head stands above the rows.
  const height = element.clientHeight - ROW_PX;
  if (top < element.scrollTop) element.scrollTop = top;
  if (top + rowPx > element.scrollTop + height) element.scrollTop = top + rowPx - height;
}

/** "90px" and "minmax(90px, 1fr)": both 90. All rows are as wide as the widest needs. */
function leastPx(width: string): number {
  return Number(/(\d+)px/.exec(width)?.[1] ?? 0);
}

type Sort = { readonly column: number; readonly isDescending: boolean };

function sortOf(sort: Sort | undefined, column: number): "ascending" | "descending" | "none" {
  if (sort?.column !== column) return "none";
  return sort.isDescending ? "descending" : "ascending";
}

function nextSort(sort: Sort | undefined, column: number): Sort | undefined {
  if (sort?.column !== column) return { column, isDescending: false };
  return sort.isDescending ? undefined : { column, isDescending: true };
}

/** As they are given, or by a column. */
function useSorted<T>(
  rows: readonly T[],
  columns: readonly GridColumn<T>[],
  sort: Sort | undefined,
): readonly T[] {
  // By its name: some pages make their columns anew each time, with the same meaning.
  const column = sort && columns[sort.column];
  const following = useMemo(() => {
    if (!column) return undefined;
    const sign = sort.isDescending ? -1 : 1;
    const keyOf = column.order ?? column.text;
    return new SortedRows<T>((a, b) => sign * compare(keyOf(a), keyOf(b)));
  }, [column?.name, sort]);
  return useMemo(() => following?.update(rows) ?? rows, [following, rows]);
}

/** Made once: to make one costs as much as a hundred comparisons. */
const collator = new Intl.Collator(undefined, { numeric: true });

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a === b ? 0 : collator.compare(String(a), String(b));
}
