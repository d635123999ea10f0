import type { Deployment, Pod, ReplicaSet } from "#api/schema/types";
import { resources } from "#dashboard/model/resources";
import type { Route } from "#dashboard/model/route";
import { readyWords, versionsOf, type VersionView } from "#dashboard/model/rollout";
import { Absent } from "#dashboard/parts/absent";
import { DeploymentCharts } from "#dashboard/parts/deployment-charts";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { ObjectActions } from "#dashboard/parts/object-actions";
import { PodSquare } from "#dashboard/parts/pod-square";
import { RolloutSteps } from "#dashboard/parts/rollout-steps";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { TraceView } from "#dashboard/parts/trace-view";
import { useObjects } from "#dashboard/parts/use-collection";
import { useObject } from "#dashboard/parts/use-object";
import { WhyCard } from "#dashboard/parts/why-card";
import { YamlView } from "#dashboard/parts/yaml-view";

const TABS = ["Roll-out", "Trace", "Events", "YAML"] as const;

interface DeploymentPageProps {
  readonly namespace: string;
  readonly name: string;
  readonly route: Route;
}

export function DeploymentPage({ namespace, name, route }: DeploymentPageProps) {
  const found = useObject<Deployment>(resources.deployments, namespace, name);
  const { object, isComplete, problem } = found;
  if (!object) return <Absent kind="deployment" {...{ namespace, name, isComplete, problem }} />;
  return <OneDeployment key={object.metadata.uid} deployment={object} route={route} />;
}

function OneDeployment({ deployment, route }: { deployment: Deployment; route: Route }) {
  const { namespace = "", name, uid = "", resourceVersion = "" } = deployment.metadata;
  const target = { resource: resources.deployments, namespace, name };
  const events = useEventsOf(uid, namespace);
  const tab = currentTab(route, TABS);
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <span class="soft">
          {namespace} · {readyWords(deployment)}
        </span>
        <span class="space" />
        <ObjectActions target={target} replicas={deployment.spec.replicas ?? 1} />
      </div>
      <Tabs route={route} tabs={TABS} />
      {tab === "Roll-out" && <Rollout deployment={deployment} />}
      {tab === "Trace" && <TraceView target={target} uid={uid} version={resourceVersion} />}
      {tab === "Events" && <EventsOf events={events} />}
      {tab === "YAML" && <YamlView {...target} />}
    </>
  );
}

/** The swap as it happens: a square for each pod, a line for each version. */
function Rollout({ deployment }: { deployment: Deployment }) {
  const { namespace } = deployment.metadata;
  const labelSelector = Object.entries(deployment.spec.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const sets = useObjects<ReplicaSet>(resources.replicaSets, { namespace, labelSelector });
  const pods = useObjects<Pod>(resources.pods, { namespace, labelSelector });
  const versions = versionsOf(deployment, [...sets.items.values()], [...pods.items.values()]);
  return (
    <div class="stack">
      <WhyCard resource={resources.deployments} object={deployment} />
      {versions.map((version) => (
        <Version key={version.name} version={version} namespace={namespace ?? ""} />
      ))}
      <RolloutSteps versions={versions} />
      <DeploymentCharts deployment={deployment} />
    </div>
  );
}

function Version({ version, namespace }: { version: VersionView; namespace: string }) {
  const { name, revision, images, desired, traffic, pods } = version;
  const ready = pods.filter(({ state }) => state === "ready").length;
  return (
    <section class="card">
      <h2>
        Revision {revision} <span class="soft mono">{name}</span>
      </h2>
      <p class="mono soft">{images.join(", ")}</p>
      <p>
        {ready} of {desired} ready{traffic ? `, gets ${traffic} of the requests` : ""}
      </p>
      <div class="swap">
        {pods.map((pod) => (
          <PodSquare key={pod.name} namespace={namespace} name={pod.name} state={pod.state} />
        ))}
      </div>
    </section>
  );
}
