import { useEffect, useRef, useState } from "preact/hooks";
import { followLog } from "#dashboard/model/follow-log";
import { ContainerChoice } from "#dashboard/parts/container-choice";
import { Notice } from "#dashboard/parts/notice";

/** A container's log, followed. The newest lines are kept; a search marks what it finds. */
const MAX_LINES = 5_000;

export function LogView({
  namespace,
  pod,
  containers,
}: {
  namespace: string;
  pod: string;
  containers: readonly string[];
}) {
  const [container, setContainer] = useState(containers[0] ?? "");
  const [isPrevious, setPrevious] = useState(false);
  const [search, setSearch] = useState("");
  const { lines, problem } = useLog(namespace, pod, container, isPrevious);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  const wanted = search.trim().toLowerCase();
  const shown = wanted ? lines.filter((line) => line.toLowerCase().includes(wanted)) : lines;
  return (
    <>
      <div class="top">
        <ContainerChoice containers={containers} chosen={container} choose={setContainer} />
        <label>
          <input
            type="checkbox"
            checked={isPrevious}
            onChange={(event) => setPrevious(event.currentTarget.checked)}
          />{" "}
          before the last restart
        </label>
        <span class="space" />
        <input
          type="search"
          placeholder="Search the log"
          aria-label="Search the log"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <span class="soft">
          {shown.length} of {lines.length} lines
        </span>
      </div>
      <Notice text={problem} isError />
      <div
        class="logs"
        ref={box}
        tabIndex={0}
        role="log"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          isAtEnd.current = scrollTop + clientHeight > scrollHeight - 40;
        }}
      >
        {shown.map((line, at) => (
          <pre key={at}>{wanted ? marked(line, wanted) : line}</pre>
        ))}
      </div>
    </>
  );
}

function marked(line: string, wanted: string) {
  const at = line.toLowerCase().indexOf(wanted);
  return (
    <>
      {line.slice(0, at)}
      <mark>{line.slice(at, at + wanted.length)}</mark>
      {line.slice(at + wanted.length)}
    </>
  );
}

function useLog(namespace: string, pod: string, container: string, isPrevious: boolean) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    let kept: string[] = [];
    let frame: number | undefined;
    const show = (): void => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        if (!abort.signal.aborted) setLines([...kept]);
      });
    };
    setLines([]);
    setProblem(undefined);
    const source = { namespace, pod, container, isPrevious };
    void followLog(source, {
      signal: abort.signal,
      onLine(line) {
        setProblem(undefined);
        kept.push(line);
        if (kept.length > MAX_LINES) kept = kept.slice(-MAX_LINES / 2);
        show();
      },
      onBroken(why) {
        // It is read anew, from some lines before its end.
        kept = [];
        setProblem(why);
      },
    });
    return () => {
      abort.abort();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [namespace, pod, container, isPrevious]);
  return { lines, problem };
}
