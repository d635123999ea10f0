import type { Route } from "#dashboard/model/route";

/** The pages that stand in the navigation, in its order. `key`: after "g", it opens the page. */
export interface Section {
  readonly path: string;
  readonly title: string;
  readonly key: string;
}

export const sections: readonly {
  readonly group?: string;
  readonly pages: readonly Section[];
}[] = [
  {
    pages: [
      { path: "", title: "Overview", key: "o" },
      { path: "apps", title: "Apps", key: "a" },
    ],
  },
  {
    group: "Workloads",
    pages: [
      { path: "pods", title: "Pods", key: "p" },
      { path: "deployments", title: "Deployments", key: "d" },
      { path: "events", title: "Events", key: "e" },
    ],
  },
  {
    group: "Cluster",
    pages: [
      { path: "nodes", title: "Nodes", key: "n" },
      { path: "ingresses", title: "Ingress map", key: "i" },
      { path: "tenants", title: "Tenants", key: "t" },
      { path: "kinds", title: "All kinds", key: "k" },
      { path: "apply", title: "Apply YAML", key: "y" },
    ],
  },
];

export function titleOf({ parts: [path = ""] }: Route): string {
  const all = sections.flatMap(({ pages }) => pages);
  return all.find((one) => one.path === path)?.title ?? "";
}
