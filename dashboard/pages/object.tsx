import type { Resource } from "#dashboard/model/resources";
import type { Route } from "#dashboard/model/route";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { useObject } from "#dashboard/parts/use-object";
import { YamlView } from "#dashboard/parts/yaml-view";

const TABS = ["YAML", "Events"] as const;

/** The page that an object of any kind has. */
export function ObjectPage({
  resource,
  namespace,
  name,
  route,
}: {
  resource: Resource;
  namespace: string | undefined;
  name: string;
  route: Route;
}) {
  const { object } = useObject<{ metadata: { uid?: string } }>(resource, namespace, name);
  const events = useEventsOf(object?.metadata.uid ?? "-", namespace);
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <span class="soft">
          {resource.kind}
          {namespace ? ` in ${namespace}` : ""}
        </span>
      </div>
      <Tabs route={route} tabs={TABS} />
      {currentTab(route, TABS) === "YAML" ? (
        <YamlView resource={resource} namespace={namespace} name={name} />
      ) : (
        <EventsOf events={events} />
      )}
    </>
  );
}
