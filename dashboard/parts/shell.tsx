import { useEffect, useState } from "preact/hooks";
import type { Viewer } from "#dashboard/model/viewer";
import { PageOf } from "#dashboard/pages/page-of";
import { titleOf } from "#dashboard/pages/sections";
import { NamespaceChoice } from "#dashboard/parts/namespace-choice";
import { Navigation } from "#dashboard/parts/navigation";
import { rememberedNamespace, rememberNamespace, ScopeContext } from "#dashboard/parts/scope";
import { Shortcuts } from "#dashboard/parts/shortcuts";
import { ThemeChoice } from "#dashboard/parts/theme-choice";
import { useRoute } from "#dashboard/parts/use-route";

/** What stands around every page. */
export function Shell({ viewer, onLeave }: { viewer: Viewer; onLeave: () => void }) {
  const route = useRoute();
  const [namespace, setNamespace] = useState(rememberedNamespace() ?? viewer.namespace);
  const choose = (next: string | undefined): void => {
    rememberNamespace(next);
    setNamespace(next);
  };
  const leave = (): void => {
    rememberNamespace(undefined);
    onLeave();
  };
  const title = titleOf(route);
  useEffect(() => {
    // Only words of ours: a title is read where nobody sees whose text it is.
    document.title = title ? `${title} · Kaji` : "Kaji";
  }, [title]);
  return (
    <ScopeContext.Provider value={{ namespace, choose }}>
      <div class="shell">
        <button type="button" class="skip" onClick={() => document.querySelector("main")?.focus()}>
          Skip to the page
        </button>
        <Navigation route={route} />
        <main tabIndex={-1}>
          <div class="top">
            <NamespaceChoice />
            <span class="space" />
            <Shortcuts />
            <ThemeChoice />
            <span class="soft viewer" title={viewer.groups.join(", ")}>
              {viewer.name}
            </span>
            <button type="button" onClick={leave}>
              Log out
            </button>
          </div>
          <PageOf route={route} />
        </main>
      </div>
    </ScopeContext.Provider>
  );
}
