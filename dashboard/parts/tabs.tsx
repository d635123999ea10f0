import { hrefOf, type Route } from "#dashboard/model/route";

/** Tabs that are addresses: a tab can be linked to, and the browser's back button works. */
export function Tabs({ route, tabs }: { route: Route; tabs: readonly string[] }) {
  const current = currentTab(route, tabs);
  return (
    <div class="tabs" role="tablist">
      {tabs.map((tab) => (
        <a
          key={tab}
          role="tab"
          href={hrefOf(route.parts, { tab })}
          aria-current={tab === current ? "page" : undefined}
        >
          {tab}
        </a>
      ))}
    </div>
  );
}

export function currentTab(route: Route, tabs: readonly string[]): string {
  const wanted = route.query.get("tab");
  return tabs.find((tab) => tab === wanted) ?? tabs[0] ?? "";
}
