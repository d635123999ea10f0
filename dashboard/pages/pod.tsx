import type { ComponentChildren } from "preact";
import { podPhaseSummary } from "#api/kinds/pod-status";
import type { Pod } from "#api/schema/types";
import { hrefOfKind } from "#dashboard/model/object-links";
import { resources } from "#dashboard/model/resources";
import type { Route } from "#dashboard/model/route";
import { Absent } from "#dashboard/parts/absent";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { LogView } from "#dashboard/parts/log-view";
import { ObjectActions } from "#dashboard/parts/object-actions";
import { PodCharts } from "#dashboard/parts/pod-charts";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { TerminalView } from "#dashboard/parts/terminal-view";
import { Tone } from "#dashboard/parts/tone";
import { TraceView } from "#dashboard/parts/trace-view";
import { useObject } from "#dashboard/parts/use-object";
import { WhyCard } from "#dashboard/parts/why-card";
import { YamlView } from "#dashboard/parts/yaml-view";

const TABS = ["Why", "Logs", "Terminal", "Trace", "Events", "YAML"] as const;

interface PodPageProps {
  readonly namespace: string;
  readonly name: string;
  readonly route: Route;
}

export function PodPage({ namespace, name, route }: PodPageProps) {
  const { object: pod, isComplete, problem } = useObject<Pod>(resources.pods, namespace, name);
  if (!pod) return <Absent kind="pod" {...{ namespace, name, isComplete, problem }} />;
  return <OnePod key={pod.metadata.uid} pod={pod} route={route} />;
}

function OnePod({ pod, route }: { pod: Pod; route: Route }) {
  const { namespace = "", name, uid = "", resourceVersion = "" } = pod.metadata;
  const target = { resource: resources.pods, namespace, name };
  const events = useEventsOf(uid, namespace);
  const tab = currentTab(route, TABS);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(
    ({ name: container }) => container,
  );
  const views: Record<string, () => ComponentChildren> = {
    Why: () => <WhyPod pod={pod} />,
    Logs: () => <LogView namespace={namespace} pod={name} containers={containers} />,
    Terminal: () => <TerminalView namespace={namespace} pod={name} containers={containers} />,
    Trace: () => <TraceView target={target} uid={uid} version={resourceVersion} />,
    Events: () => <EventsOf events={events} />,
    YAML: () => <YamlView {...target} />,
  };
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <Tone word={podPhaseSummary(pod)} />
        <span class="soft">{namespace}</span>
        <span class="space" />
        <ObjectActions target={target} />
      </div>
      <Tabs route={route} tabs={TABS} />
      {views[tab]?.()}
    </>
  );
}

function WhyPod({ pod }: { pod: Pod }) {
  const { nodeName } = pod.spec;
  const { namespace } = pod.metadata;
  return (
    <div class="stack">
      <WhyCard resource={resources.pods} object={pod} />
      <PodCharts pod={pod} />
      <section class="card">
        <h2>Facts</h2>
        <dl class="facts">
          <dt>Node</dt>
          <dd>
            {nodeName ? (
              <a href={hrefOfKind("Node", undefined, nodeName)}>{nodeName}</a>
            ) : (
              "none yet"
            )}
          </dd>
          <dt>Address</dt>
          <dd class="mono">{pod.status?.podIP ?? "none yet"}</dd>
          <dt>Owner</dt>
          <dd>
            {(pod.metadata.ownerReferences ?? []).map((owner) => (
              <Owner key={owner.uid} kind={owner.kind} name={owner.name} namespace={namespace} />
            ))}
            {(pod.metadata.ownerReferences ?? []).length === 0 && "none"}
          </dd>
          <dt>Service account</dt>
          <dd>{pod.spec.serviceAccountName ?? "default"}</dd>
        </dl>
      </section>
      {(pod.status?.containerStatuses ?? []).length > 0 && (
        <section class="card">
          <h2>Containers</h2>
          {(pod.status?.containerStatuses ?? []).map(
            ({ name, image, ready, restartCount, state }) => (
              <dl class="facts" key={name}>
                <dt>{name}</dt>
                <dd>
                  <Tone word={ready ? "Ready" : "NotReady"} /> ·{" "}
                  {Object.keys(state ?? {})[0] ?? "unknown"} · restarts {restartCount}
                </dd>
                <dt>Image</dt>
                <dd class="mono">{image}</dd>
              </dl>
            ),
          )}
        </section>
      )}
    </div>
  );
}

function Owner({
  kind,
  name,
  namespace,
}: {
  kind: string;
  name: string;
  namespace: string | undefined;
}) {
  const href = hrefOfKind(kind, namespace, name);
  const text = `${kind}/${name}`;
  return href ? <a href={href}>{text}</a> : <span>{text}</span>;
}
