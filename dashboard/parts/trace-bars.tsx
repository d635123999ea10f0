import { resultOf, type TimelineRow, type TraceShown } from "#api/traces/timeline";
import { barOf } from "#dashboard/model/traces";

/** Nobody reads more of them; `kaji trace` prints all. */
const MOST_ROWS = 400;
const COLOURS = 6;

/** A bar for each span under the words of it: where it begins, how long it took. Indented by what it followed from. */
export function TraceBars({ trace, rows }: { trace: TraceShown; rows: readonly TimelineRow[] }) {
  const parts = [...new Set(rows.map(({ part }) => part))];
  const colourOf = (part: string): string => `c${parts.indexOf(part) % COLOURS}`;
  return (
    <>
      <div class="chart" aria-hidden="true">
        <p class="legend">
          {parts.map((part) => (
            <span key={part}>
              <i class={colourOf(part)} /> {part}
            </span>
          ))}
        </p>
      </div>
      <ol class="chart trace" aria-label="What was done, in its order">
        {rows.slice(0, MOST_ROWS).map((row) => (
          <Row key={row.span.spanId} trace={trace} row={row} colour={colourOf(row.part)} />
        ))}
      </ol>
      {rows.length > MOST_ROWS && (
        <p class="soft">and {rows.length - MOST_ROWS} more: kaji trace prints all.</p>
      )}
    </>
  );
}

interface RowProps {
  readonly trace: TraceShown;
  readonly row: TimelineRow;
  readonly colour: string;
}

function Row({ trace, row: { span, depth, at, took, part, object }, colour }: RowProps) {
  const { leftPercent, widthPercent } = barOf(span, trace);
  return (
    <li>
      <div class="words" style={{ paddingLeft: `${depth * 10}px` }}>
        <span class="small soft">{part}</span> {span.name}
        {resultOf(span)} <span class="soft">{object}</span>
      </div>
      <div class="line" aria-hidden="true">
        <i class={colour} style={{ left: `${leftPercent}%`, width: `${widthPercent}%` }} />
      </div>
      <div class="took mono">
        {took} <span class="soft">{at}</span>
      </div>
    </li>
  );
}
