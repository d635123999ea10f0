/** The pages that stand in the navigation, in its order. */
export const sections: readonly {
  readonly group?: string;
  readonly pages: readonly { readonly path: string; readonly title: string }[];
}[] = [
  {
    pages: [
      { path: "", title: "Overview" },
      { path: "apps", title: "Apps" },
    ],
  },
  {
    group: "Workloads",
    pages: [
      { path: "pods", title: "Pods" },
      { path: "deployments", title: "Deployments" },
      { path: "events", title: "Events" },
    ],
  },
  {
    group: "Cluster",
    pages: [
      { path: "nodes", title: "Nodes" },
      { path: "ingresses", title: "Ingresses" },
      { path: "tenants", title: "Tenants" },
      { path: "kinds", title: "All kinds" },
    ],
  },
];
