import { useMemo, useState } from "preact/hooks";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { useByPod } from "#dashboard/model/app-trouble";
import { resources } from "#dashboard/model/resources";
import { type App, appsOf } from "#dashboard/model/topology";
import { AppPicture } from "#dashboard/parts/app-picture";
import { Notice } from "#dashboard/parts/notice";
import { PodLegend } from "#dashboard/parts/pod-square";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";
import { usePodUse } from "#dashboard/parts/use-pod-use";

/** Drawn at once; the rest is found by the filter. */
const MOST_APPS = 60;
/** What more pods use would be megabytes, again and again: then one looks at a namespace. */
const MOST_MEASURED = 2_000;

/** App by app: who is asked by which host, which pods answer, where they run, and why one of them does not. */
export function AppsPage() {
  const { namespace } = useScope();
  const [filter, setFilter] = useState("");
  const { all, isComplete, problem, podCount } = useApps(namespace);
  const isMeasured = podCount <= MOST_MEASURED;
  const measured = usePodUse(isComplete && isMeasured ? [namespace ?? ""] : []);
  const use = useMemo(() => useByPod(measured), [measured]);
  const wanted = filter.trim().toLowerCase();
  const apps = all.filter((app) => wordsOf(app).includes(wanted));
  return (
    <>
      <div class="top">
        <h1>Apps</h1>
        <span class="soft">
          {apps.length > MOST_APPS ? `${MOST_APPS} of ${apps.length}` : apps.length}
        </span>
        <span class="space" />
        <input
          type="search"
          placeholder="Name or host"
          aria-label="Search apps"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </div>
      <Notice text={problem} isError />
      {apps.length === 0 && (
        <p class="soft">{isComplete ? nothingWords(wanted, namespace) : "Reading …"}</p>
      )}
      {apps.length > 0 && <PodLegend />}
      {!isMeasured && <p class="soft">Choose a namespace to see which pods are throttled.</p>}
      <div class="stack">
        {apps.slice(0, MOST_APPS).map((app) => (
          <AppPicture key={app.key} app={app} use={use} />
        ))}
      </div>
    </>
  );
}

function useApps(namespace: string | undefined) {
  const ingresses = useObjects<Ingress>(resources.ingresses, { namespace });
  const services = useObjects<Service>(resources.services, { namespace });
  const pods = useObjects<Pod>(resources.pods, { namespace });
  const lists = [ingresses, services, pods];
  const all = useMemo(
    () => appsOf([...ingresses.items.values()], [...services.items.values()], pods.items.values()),
    [...lists, ...lists.map(({ version }) => version)],
  );
  const problems = new Set(lists.flatMap(({ problem }) => problem ?? []));
  return {
    all,
    isComplete: services.isComplete && pods.isComplete,
    problem: [...problems].join("; ") || undefined,
    podCount: pods.items.size,
  };
}

function wordsOf({ key, hosts, workloads }: App): string {
  return [key, ...hosts, ...workloads.map(({ name }) => name)].join(" ").toLowerCase();
}

function nothingWords(wanted: string, namespace: string | undefined): string {
  if (wanted !== "") return "No app has this in its name or its hosts.";
  const place = namespace === undefined ? "the cluster" : `the namespace ${namespace}`;
  return `No app runs in ${place} yet: apply a Deployment and a Service, by kubectl or under Apply YAML.`;
}
