import { useEffect, useRef, useState } from "preact/hooks";
import { execSocket } from "#dashboard/model/exec-socket";
import { untilReached } from "#dashboard/model/until-reached";
import { ContainerChoice } from "#dashboard/parts/container-choice";
import { Notice } from "#dashboard/parts/notice";

/** A shell in a container. The terminal itself is a library, loaded when the tab is opened. */
export function TerminalView({
  namespace,
  pod,
  containers,
}: {
  namespace: string;
  pod: string;
  containers: readonly string[];
}) {
  const [container, setContainer] = useState(containers[0] ?? "");
  const [ended, setEnded] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    setEnded(undefined);
    const abort = new AbortController();
    const target = { namespace, pod, container, onEnd: setEnded, signal: abort.signal };
    const opening = openTerminal(element, target);
    return () => {
      abort.abort();
      void opening.then((close) => close?.());
    };
  }, [namespace, pod, container, attempt]);
  return (
    <>
      <div class="top">
        <ContainerChoice containers={containers} chosen={container} choose={setContainer} />
        {ended !== undefined && (
          <button type="button" onClick={() => setAttempt((n) => n + 1)}>
            Open again
          </button>
        )}
      </div>
      <Notice text={ended} />
      <div class="shell-box" ref={box} />
    </>
  );
}

interface TerminalTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  onEnd(why: string): void;
  /** Nobody wants it any more. */
  readonly signal: AbortSignal;
}

/** undefined: nobody wanted it any more before it was there. */
async function openTerminal(
  element: HTMLElement,
  target: TerminalTarget,
): Promise<(() => void) | undefined> {
  const library = await untilReached(
    () => Promise.all([import("@xterm/xterm"), import("@xterm/addon-fit")]),
    { signal: target.signal, onAway: () => undefined },
  );
  if (!library) return undefined;
  const [{ Terminal }, { FitAddon }] = library;
  const terminal = new Terminal({ fontSize: 13, theme: { background: "#101418" } });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  fit.fit();
  const socket = execSocket(target, {
    onOutput: (bytes) => terminal.write(bytes),
    onEnd: target.onEnd,
    onOpen: () => socket.resize(terminal.cols, terminal.rows),
  });
  terminal.onData((text) => socket.send(text));
  terminal.onResize(({ cols, rows }) => socket.resize(cols, rows));
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(element);
  terminal.focus();
  return () => {
    observer.disconnect();
    socket.close();
    terminal.dispose();
    element.replaceChildren();
  };
}
