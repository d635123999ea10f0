import type { Ingress, Pod, Service } from "#api/schema/types";
import { podStateOf } from "#dashboard/model/pod-state";
import { resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { appsOf, type AppView } from "#dashboard/model/topology";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";

const MOST_PODS = 60;

/** App by app: who is asked by which host, which pods answer, and where they run. */
export function AppsPage() {
  const { namespace } = useScope();
  const ingresses = useObjects<Ingress>(resources.ingresses, { namespace });
  const services = useObjects<Service>(resources.services, { namespace });
  const pods = useObjects<Pod>(resources.pods, { namespace });
  const apps = appsOf(
    [...ingresses.items.values()],
    [...services.items.values()],
    [...pods.items.values()],
  );
  return (
    <>
      <div class="top">
        <h1>Apps</h1>
      </div>
      <Notice text={services.problem ?? pods.problem} isError />
      {apps.length === 0 && services.isComplete && (
        <p class="soft">No Service with a selector is here.</p>
      )}
      <div class="stack">
        {apps.map((app) => (
          <App key={app.key} app={app} />
        ))}
      </div>
    </>
  );
}

function App({ app }: { app: AppView }) {
  const { namespace, service, hosts, pods, readyPods, nodes } = app;
  return (
    <section class="card">
      <h2>
        {service} <span class="soft">{namespace}</span>
      </h2>
      <dl class="facts">
        <dt>Hosts</dt>
        <dd class="mono">{hosts.join(", ") || "none: reachable in the cluster only"}</dd>
        <dt>Pods</dt>
        <dd>
          <span class={readyPods < pods.length || pods.length === 0 ? "warn" : "good"}>
            {readyPods} of {pods.length} ready
          </span>
          <div class="swap">
            {pods.slice(0, MOST_PODS).map((pod) => (
              <a
                key={pod.metadata.uid}
                class={`pod ${podStateOf(pod)}`}
                href={hrefOf(["pods", namespace, pod.metadata.name])}
                title={`${pod.metadata.name} on ${pod.spec.nodeName ?? "no node"}`}
                aria-label={pod.metadata.name}
              />
            ))}
          </div>
        </dd>
        <dt>Nodes</dt>
        <dd>{nodes.join(", ") || "none"}</dd>
      </dl>
    </section>
  );
}
