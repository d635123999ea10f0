import { hrefOfKind } from "#dashboard/model/object-links";
import { podStateOf } from "#dashboard/model/pod-state";
import { hrefOf } from "#dashboard/model/route";
import type { AppView, Place } from "#dashboard/model/topology";

const MOST_PODS = 60;
const MOST_HOSTS = 6;

/** The way of a request from left to right: hosts, Service, pods, nodes. On a phone from top to bottom. */
export function AppPicture({ app }: { app: AppView }) {
  const { namespace, service, hosts, places } = app;
  return (
    <section class="card flow" aria-label={`${service} in ${namespace}`}>
      <div class="step">
        {hosts.slice(0, MOST_HOSTS).map((host) => (
          <div key={host} class="box mono">
            {host}
          </div>
        ))}
        {hosts.length > MOST_HOSTS && (
          <div class="soft">and {hosts.length - MOST_HOSTS} more hosts</div>
        )}
        {hosts.length === 0 && <div class="box none">reached in the cluster only</div>}
      </div>
      <div class="arrow" aria-hidden="true" />
      <div class="step">
        <ServiceBox app={app} />
      </div>
      <div class="arrow" aria-hidden="true" />
      <div class="step places">
        {places.length === 0 && <div class="box none">no pods</div>}
        {places.map((place) => (
          <PlaceRow key={place.node ?? ""} place={place} namespace={namespace} />
        ))}
      </div>
    </section>
  );
}

function ServiceBox({ app }: { app: AppView }) {
  const { namespace, service, ports, readyPods, pods, workloads } = app;
  const isWhole = pods.length > 0 && readyPods === pods.length;
  return (
    <div class="box service">
      <a href={hrefOfKind("Service", namespace, service)}>
        <strong>{service}</strong>
      </a>
      <div class="soft">
        {namespace}
        {ports.length > 0 && ` · port ${ports.join(", ")}`}
      </div>
      <div class={isWhole ? "good" : "warn"}>
        {readyPods} of {pods.length} ready
      </div>
      {workloads.map((workload) => (
        <div key={workload} class="soft small">
          {workload}
        </div>
      ))}
    </div>
  );
}

function PlaceRow({ place: { node, pods }, namespace }: { place: Place; namespace: string }) {
  return (
    <div class="place">
      <div class="swap">
        {pods.slice(0, MOST_PODS).map((pod) => {
          const { name, uid } = pod.metadata;
          const state = podStateOf(pod);
          return (
            <a
              key={uid}
              class={`pod ${state}`}
              href={hrefOf(["pods", namespace, name])}
              title={`${name}: ${state}`}
              aria-label={`${name}: ${state}`}
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
