import { useEffect, useState } from "preact/hooks";
import { beginningOf, duration, timelineOf, type TraceShown } from "#api/traces/timeline";
import { sentenceOf } from "#dashboard/model/api-request";
import type { Target } from "#dashboard/model/change-object";
import { type ObjectTraces, readTraces } from "#dashboard/model/traces";
import { formatAge } from "#dashboard/model/units";
import { Notice } from "#dashboard/parts/notice";
import { TraceBars } from "#dashboard/parts/trace-bars";
import { useNow } from "#dashboard/parts/use-now";

/** What was done for an object, from the request that began it to its containers' start, and how long each part took. */
export function TraceView({
  target,
  uid,
  version,
}: {
  target: Target;
  uid: string;
  /** The object's resourceVersion: when it changes, its traces have grown. */
  version: string;
}) {
  const { found, problem } = useTraces(target, uid, version);
  const [chosen, setChosen] = useState("");
  const [withDetails, setWithDetails] = useState(false);
  const traces = found?.traces ?? [];
  const trace = traces.find(({ traceId }) => traceId === chosen) ?? traces[0];
  return (
    <div class="stack">
      <Notice text={problem} isError />
      {!found && !problem && <p class="soft">Reading …</p>}
      {found && !trace && (
        <p class="soft">
          Nothing is known of how it came to be: the server keeps the newest spans since its start,
          and those of changes that are older than ten minutes are no more joined.
        </p>
      )}
      {trace && (
        <section class="card">
          <div class="top">
            <TraceChoice traces={traces} chosen={trace.traceId} choose={setChosen} />
            <label>
              <input
                type="checkbox"
                checked={withDetails}
                onChange={(event) => setWithDetails(event.currentTarget.checked)}
              />{" "}
              commits and watch events too
            </label>
            <span class="space" />
            <span class="soft">{duration(trace.endMs - trace.startMs)} in all</span>
          </div>
          <TraceBars trace={trace} rows={timelineOf(trace, { withDetails })} />
        </section>
      )}
      {(found?.missing ?? []).map((one) => (
        <p key={one} class="soft">
          Its spans are missing: {one}
        </p>
      ))}
    </div>
  );
}

function TraceChoice({
  traces,
  chosen,
  choose,
}: {
  traces: readonly TraceShown[];
  chosen: string;
  choose: (traceId: string) => void;
}) {
  const nowMs = useNow();
  return (
    <select
      aria-label="Which change"
      value={chosen}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      {traces.map((trace) => (
        <option key={trace.traceId} value={trace.traceId}>
          {`${beginningOf(trace)}, ${formatAge(new Date(trace.startMs).toISOString(), nowMs)} ago`}
        </option>
      ))}
    </select>
  );
}

/** What an object goes through comes in several changes. */
const GATHER_MS = 2_000;

/** Read when it is opened, and again a moment after the object has changed. */
function useTraces({ resource, namespace, name }: Target, uid: string, version: string) {
  const [found, setFound] = useState<ObjectTraces>();
  const [problem, setProblem] = useState<string>();
  const isFirst = found === undefined;
  useEffect(() => {
    const abort = new AbortController();
    const read = (): void => {
      readTraces({ resource, namespace, name }, uid, abort.signal).then(
        (traces) => {
          setFound(traces);
          setProblem(undefined);
        },
        (error: unknown) => !abort.signal.aborted && setProblem(sentenceOf(error)),
      );
    };
    const timer = setTimeout(read, isFirst ? 0 : GATHER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [resource, namespace, name, uid, version]);
  return { found, problem };
}
