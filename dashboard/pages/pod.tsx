import type { ComponentChildren } from "preact";
import { podPhaseSummary } from "#api/kinds/pod-status";
import type { Node, Pod } from "#api/schema/types";
import { whyPod } from "#api/why/pod";
import { resources } from "#dashboard/model/resources";
import { hrefOf, type Route } from "#dashboard/model/route";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { LogView } from "#dashboard/parts/log-view";
import { Notice } from "#dashboard/parts/notice";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { TerminalView } from "#dashboard/parts/terminal-view";
import { Tone } from "#dashboard/parts/tone";
import { useObject } from "#dashboard/parts/use-object";
import { YamlView } from "#dashboard/parts/yaml-view";

const TABS = ["Why", "Logs", "Terminal", "Events", "YAML"] as const;

interface PodPageProps {
  readonly namespace: string;
  readonly name: string;
  readonly route: Route;
}

export function PodPage({ namespace, name, route }: PodPageProps) {
  const { object: pod, isComplete, problem } = useObject<Pod>(resources.pods, namespace, name);
  if (!pod) {
    return (
      <Notice
        text={problem ?? (isComplete ? `There is no pod ${namespace}/${name}.` : "Reading …")}
      />
    );
  }
  return <OnePod key={pod.metadata.uid} pod={pod} route={route} />;
}

function OnePod({ pod, route }: { pod: Pod; route: Route }) {
  const { namespace = "", name, uid = "" } = pod.metadata;
  const events = useEventsOf(uid, namespace);
  const node = useObject<Node>(resources.nodes, undefined, pod.spec.nodeName ?? "-").object;
  const tab = currentTab(route, TABS);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map(
    ({ name: container }) => container,
  );
  const why = whyPod({ pod, events: [...events.items.values()], node });
  const views: Record<string, () => ComponentChildren> = {
    Why: () => <WhyPod pod={pod} lines={why} />,
    Logs: () => <LogView namespace={namespace} pod={name} containers={containers} />,
    Terminal: () => <TerminalView namespace={namespace} pod={name} containers={containers} />,
    Events: () => <EventsOf events={events} />,
    YAML: () => <YamlView resource={resources.pods} namespace={namespace} name={name} />,
  };
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <Tone word={podPhaseSummary(pod)} />
        <span class="soft">{namespace}</span>
      </div>
      <Tabs route={route} tabs={TABS} />
      {views[tab]?.()}
    </>
  );
}

function WhyPod({ pod, lines }: { pod: Pod; lines: readonly string[] }) {
  const [summary = "", ...reasons] = lines;
  const { nodeName } = pod.spec;
  return (
    <div class="stack">
      <section class="card">
        <h2>{summary}</h2>
        {reasons.map((line) => (
          <p key={line}>{line.trim()}</p>
        ))}
      </section>
      <section class="card">
        <h2>Facts</h2>
        <dl class="facts">
          <dt>Node</dt>
          <dd>{nodeName ? <a href={hrefOf(["nodes"])}>{nodeName}</a> : "none yet"}</dd>
          <dt>Address</dt>
          <dd class="mono">{pod.status?.podIP ?? "none yet"}</dd>
          <dt>Owner</dt>
          <dd>
            {(pod.metadata.ownerReferences ?? [])
              .map(({ kind, name }) => `${kind}/${name}`)
              .join(", ") || "none"}
          </dd>
          <dt>Service account</dt>
          <dd>{pod.spec.serviceAccountName ?? "default"}</dd>
        </dl>
      </section>
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
    </div>
  );
}
