import { hrefOf, type Route } from "#dashboard/model/route";

/** Tabs that are addresses: a tab can be linked to, and the browser's back button works. */
export function Tabs({ route, tabs }: { route: Route; tabs: readonly string[] }) {
  const current = currentTab(route, tabs);
  return (
    <nav class="tabs" aria-label="Views">
      {tabs.map((tab) => (
        <a
          key={tab}
          href={hrefOf(route.parts, { tab })}
          aria-current={tab === current ? "page" : undefined}
        >
          {tab}
        </a>
      ))}
    </nav>
  );
}

export function currentTab(route: Route, tabs: readonly string[]): string {
  const wanted = route.query.get("tab");
  return tabs.find((tab) => tab === wanted) ?? tabs[0] ?? "";
}
