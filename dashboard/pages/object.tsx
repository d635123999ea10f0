import { explainerOf } from "#api/why/index";
import type { Resource } from "#dashboard/model/resources";
import type { Route } from "#dashboard/model/route";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { Notice } from "#dashboard/parts/notice";
import { ObjectActions } from "#dashboard/parts/object-actions";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { TraceView } from "#dashboard/parts/trace-view";
import { useObject } from "#dashboard/parts/use-object";
import { WhyCard } from "#dashboard/parts/why-card";
import { YamlView } from "#dashboard/parts/yaml-view";

interface AnyObject {
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
  readonly spec?: { readonly replicas?: number };
}

/** The page that an object of any kind has: why it is as it is, where that can be said, its events and its YAML. */
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
  const { object, isComplete, problem } = useObject<AnyObject>(resource, namespace, name);
  const tabs = explainerOf(resource) ? ["Why", "YAML", "Trace", "Events"] : ["YAML", "Events"];
  const tab = currentTab(route, tabs);
  const absent = `There is no ${resource.kind} ${name}${namespace ? ` in ${namespace}` : ""}.`;
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <span class="soft">
          {resource.kind}
          {namespace ? ` in ${namespace}` : ""}
        </span>
        <span class="space" />
        {object && (
          <ObjectActions target={{ resource, namespace, name }} replicas={object.spec?.replicas} />
        )}
      </div>
      <Notice text={problem} isError />
      {isComplete && !object && <Notice text={absent} />}
      <Tabs route={route} tabs={tabs} />
      {tab === "Why" && object && <WhyCard resource={resource} object={object} />}
      {tab === "YAML" && (
        // Its own for each object: what is applied to one must not be shown as another's.
        <YamlView key={`${namespace}/${name}`} {...{ resource, namespace, name }} />
      )}
      {tab === "Trace" && object && (
        <TraceView
          target={{ resource, namespace, name }}
          uid={object.metadata.uid ?? ""}
          version={object.metadata.resourceVersion ?? ""}
        />
      )}
      {tab === "Events" && <EventsFor uid={object?.metadata.uid ?? "-"} namespace={namespace} />}
    </>
  );
}

function EventsFor({ uid, namespace }: { uid: string; namespace: string | undefined }) {
  return <EventsOf events={useEventsOf(uid, namespace)} />;
}
