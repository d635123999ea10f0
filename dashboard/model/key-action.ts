import { sections } from "#dashboard/pages/sections";

/** What a key does on any page. */
export type KeyAction =
  | { readonly type: "none" }
  /** The next key says more. */
  | { readonly type: "wait" }
  | { readonly type: "help" }
  | { readonly type: "search" }
  | { readonly type: "page"; readonly path: string }
  | { readonly type: "tab"; readonly name: string };

/** As people know them from Gmail and k9s. */
const tabs: Readonly<Record<string, string>> = {
  w: "Why",
  l: "Logs",
  s: "Terminal",
  t: "Trace",
  v: "Events",
  y: "YAML",
};

/** `before`: the key that was pressed first, of two that belong together; else "". */
export function keyAction(before: string, key: string): KeyAction {
  if (before === "g") {
    const page = sections.flatMap(({ pages }) => pages).find((one) => one.key === key);
    return page ? { type: "page", path: page.path } : { type: "none" };
  }
  if (key === "?") return { type: "help" };
  if (key === "/") return { type: "search" };
  if (key === "g") return { type: "wait" };
  const name = Object.hasOwn(tabs, key) ? tabs[key] : undefined;
  return name ? { type: "tab", name } : { type: "none" };
}
