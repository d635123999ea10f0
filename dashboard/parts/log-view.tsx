import { useEffect, useRef, useState } from "preact/hooks";
import { apiFetch, sentenceOf } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";
import { pathOf, resources } from "#dashboard/model/resources";
import { ContainerChoice } from "#dashboard/parts/container-choice";
import { Notice } from "#dashboard/parts/notice";

/** A container's log, followed. The newest lines are kept; a search marks what it finds. */
const MAX_LINES = 5_000;
const TAIL_LINES = "1000";
/** A container that has not started yet has no log yet. */
const RETRY_MS = 1_000;

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
    const query = new URLSearchParams({
      container,
      tailLines: TAIL_LINES,
      ...(isPrevious ? { previous: "true" } : { follow: "true" }),
    });
    const follow = async (): Promise<void> => {
      const path = `${pathOf(resources.pods, namespace, pod)}/log?${query.toString()}`;
      const response = await apiFetch(path, { accept: "*/*", signal: abort.signal });
      for await (const line of linesOf(response)) {
        setProblem(undefined);
        kept.push(line);
        if (kept.length > MAX_LINES) kept = kept.slice(-MAX_LINES / 2);
        show();
      }
    };
    setLines([]);
    setProblem(undefined);
    const keepFollowing = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        try {
          return await follow();
        } catch (error) {
          if (abort.signal.aborted) return;
          setProblem(sentenceOf(error));
          kept = [];
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    };
    void keepFollowing();
    return () => {
      abort.abort();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [namespace, pod, container, isPrevious]);
  return { lines, problem };
}
