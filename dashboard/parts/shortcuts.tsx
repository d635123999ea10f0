import { useEffect, useRef, useState } from "preact/hooks";
import { type KeyAction, keyAction } from "#dashboard/model/key-action";
import { hrefOf } from "#dashboard/model/route";
import { sections } from "#dashboard/pages/sections";

/** The keys that work on every page, and the page of help that "?" opens. */
export function Shortcuts() {
  const [isOpen, setOpen] = useState(false);
  const before = useRef("");
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      const action = keyAction(before.current, event.key);
      before.current = action.type === "wait" ? event.key : "";
      if (act(action, setOpen)) event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => setOpen(true)}
      >
        ?
      </button>
      {isOpen && <Help onClose={() => setOpen(false)} />}
    </>
  );
}

/** Whether the key was meant for the dashboard. */
function act(action: KeyAction, setOpen: (isOpen: boolean) => void): boolean {
  switch (action.type) {
    case "help":
      setOpen(true);
      return true;
    case "search":
      document.querySelector<HTMLInputElement>("main input[type=search]")?.focus();
      return true;
    case "page":
      location.hash = hrefOf(action.path ? [action.path] : []);
      return true;
    case "tab":
      return openTab(action.name);
    default:
      return false;
  }
}

function openTab(name: string): boolean {
  const tab = [...document.querySelectorAll<HTMLAnchorElement>(".tabs a")].find(
    ({ textContent }) => textContent === name,
  );
  tab?.click();
  return tab !== undefined;
}

/** A letter that is written somewhere is no command. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

function Help({ onClose }: { onClose: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  const rows: readonly (readonly [string, string])[] = [
    ["?", "this list"],
    ["/", "search on the page"],
    ["↑ ↓", "move in a list"],
    ["Enter", "open what is marked"],
    ["w l s t v y", "why, logs, shell, trace, events, YAML of what is open"],
    ...sections.flatMap(({ pages }) => pages).map(({ key, title }) => [`g ${key}`, title] as const),
  ];
  return (
    <dialog ref={box} class="card" aria-label="Keyboard shortcuts" onClose={onClose}>
      <h2>Keyboard shortcuts</h2>
      <dl class="facts">
        {rows.map(([keys, does]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <div class="top">
        <span class="space" />
        <button type="button" autofocus onClick={() => box.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
