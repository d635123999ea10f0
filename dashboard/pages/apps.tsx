import { useState } from "preact/hooks";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import { appsOf } from "#dashboard/model/topology";
import { AppPicture } from "#dashboard/parts/app-picture";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";

/** Drawn at once; the rest is found by the filter. */
const MOST_APPS = 60;

/** App by app: who is asked by which host, which pods answer, and where they run. */
export function AppsPage() {
  const { namespace } = useScope();
  const [filter, setFilter] = useState("");
  const ingresses = useObjects<Ingress>(resources.ingresses, { namespace });
  const services = useObjects<Service>(resources.services, { namespace });
  const pods = useObjects<Pod>(resources.pods, { namespace });
  const wanted = filter.trim().toLowerCase();
  const apps = appsOf(
    [...ingresses.items.values()],
    [...services.items.values()],
    [...pods.items.values()],
  ).filter(({ key, hosts }) => `${key} ${hosts.join(" ")}`.toLowerCase().includes(wanted));
  const problems = [services.problem, pods.problem, ingresses.problem];
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
      <Notice text={[...new Set(problems.filter(Boolean))].join("; ") || undefined} isError />
      {apps.length === 0 && services.isComplete && (
        <p class="soft">No Service with a selector is here.</p>
      )}
      <div class="stack">
        {apps.slice(0, MOST_APPS).map((app) => (
          <AppPicture key={app.key} app={app} />
        ))}
      </div>
    </>
  );
}
