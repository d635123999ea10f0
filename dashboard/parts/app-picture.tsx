import { type AppTrouble, throttleOf, type UseByPod } from "#dashboard/model/app-trouble";
import { hrefOfKind } from "#dashboard/model/object-links";
import { podStateOf } from "#dashboard/model/pod-state";
import { hrefOf } from "#dashboard/model/route";
import { type App, type AppView, type Place, viewOf } from "#dashboard/model/topology";
import { PodSquare } from "#dashboard/parts/pod-square";

const MOST_PODS = 60;
const MOST_HOSTS = 6;
const MOST_NODES = 12;

/** The way of a request from left to right: hosts, Service, pods, nodes. On a phone from top to bottom. Below it, why. */
export function AppPicture({ app, use }: { app: App; use: UseByPod }) {
  const view = viewOf(app, use);
  const { namespace, service, hosts, places, troubles, selector } = view;
  const name = service ?? view.workloads.map((one) => one.name).join(", ");
  return (
    <section class="card" aria-label={`${name} in ${namespace}`}>
      <div class="flow">
        <div class="step">
          {hosts.slice(0, MOST_HOSTS).map((host) => (
            <div key={host} class="box mono">
              {host}
            </div>
          ))}
          {hosts.length > MOST_HOSTS && (
            <div class="soft">and {hosts.length - MOST_HOSTS} more hosts</div>
          )}
          {hosts.length === 0 && (
            <div class="box none">
              {service === undefined ? "no Service" : "reached in the cluster only"}
            </div>
          )}
        </div>
        <div class="arrow" aria-hidden="true" />
        <div class="step">
          <ServiceBox app={view} />
        </div>
        <div class="arrow" aria-hidden="true" />
        <div class="step places">
          {places.length === 0 && <div class="box none">no pod has the labels {selector}</div>}
          {places.slice(0, MOST_NODES).map((place) => (
            <PlaceRow key={place.node ?? ""} place={place} namespace={namespace} use={use} />
          ))}
          {places.length > MOST_NODES && (
            <div class="soft">and {places.length - MOST_NODES} more nodes</div>
          )}
        </div>
      </div>
      {troubles.length > 0 && <Troubles troubles={troubles} />}
    </section>
  );
}

function ServiceBox({ app }: { app: AppView }) {
  const { namespace, service, ports, readyPods, pods, workloads } = app;
  const isWhole = pods.length > 0 && readyPods === pods.length;
  return (
    <div class={service === undefined ? "box" : "box service"}>
      {service !== undefined && (
        <a href={hrefOfKind("Service", namespace, service)}>
          <strong>{service}</strong>
        </a>
      )}
      <div class="soft">
        {namespace}
        {ports.length > 0 && ` · port ${ports.join(", ")}`}
      </div>
      <div class={isWhole ? "good" : "warn"}>
        {readyPods} of {pods.length} ready
      </div>
      {workloads.map(({ kind, name }) => (
        <div key={`${kind} ${name}`} class="small">
          <span class="soft">{kind}</span> <Named {...{ kind, namespace, name }} />
        </div>
      ))}
    </div>
  );
}

function Named({ kind, namespace, name }: { kind: string; namespace: string; name: string }) {
  const href = hrefOfKind(kind, namespace, name);
  return href ? <a href={href}>{name}</a> : <span>{name}</span>;
}

interface PlaceRowProps {
  readonly place: Place;
  readonly namespace: string;
  readonly use: UseByPod;
}

function PlaceRow({ place: { node, pods }, namespace, use }: PlaceRowProps) {
  return (
    <div class="place">
      <div class="swap">
        {pods.slice(0, MOST_PODS).map((pod) => {
          const state = podStateOf(pod);
          return (
            <PodSquare
              key={pod.metadata.uid}
              namespace={namespace}
              name={pod.metadata.name}
              state={state === "ready" && throttleOf(pod, use) ? "throttled" : state}
            />
          );
        })}
        {pods.length > MOST_PODS && <span class="soft">+{pods.length - MOST_PODS}</span>}
      </div>
      <span class="line" aria-hidden="true" />
      {node ? (
        <a class="box node" href={hrefOfKind("Node", undefined, node)}>
          {node}
        </a>
      ) : (
        <span class="box none">no node yet</span>
      )}
    </div>
  );
}

/** Why its pods are pending, failing or throttled: on the page itself, where no pointer is needed to read it. */
function Troubles({ troubles }: { troubles: readonly AppTrouble[] }) {
  return (
    <ul class="troubles" aria-label="Why">
      {troubles.map(({ pod: { metadata }, tone, sentence, others }) => (
        <li key={metadata.uid} class={tone}>
          <a href={hrefOf(["pods", metadata.namespace ?? "", metadata.name])}>{metadata.name}</a>
          {others > 0 && ` and ${others} like it`} <span class={tone}>{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
