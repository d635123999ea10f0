import { useState } from "preact/hooks";
import type { Ingress, Pod, Service } from "#api/schema/types";
import { formatValue } from "#dashboard/model/chart-scale";
import {
  foundHosts,
  type HostView,
  ingressMap,
  type PathView,
  type Tone,
} from "#dashboard/model/ingress-map";
import { objectParts, resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { Sparkline } from "#dashboard/parts/chart";
import { Notice } from "#dashboard/parts/notice";
import { PodSquare } from "#dashboard/parts/pod-square";
import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";
import { useHistory } from "#dashboard/parts/use-history";

const MOST_HOSTS = 100;
const MOST_PODS = 24;

/** Where requests come in and who answers them, with rates, errors and latency as they are now. */
export function IngressPage() {
  const { namespace } = useScope();
  const [search, setSearch] = useState("");
  const ingresses = useObjects<Ingress>(resources.ingresses, { namespace });
  const services = useObjects<Service>(resources.services, { namespace });
  const pods = useObjects<Pod>(resources.pods, { namespace });
  const requests = useHistory({ of: "requests", namespace, range: "5m" });
  const podUse = useHistory({ of: "pods", namespace, range: "1m" });
  const all = ingressMap({
    ingresses: [...ingresses.items.values()],
    services: [...services.items.values()],
    pods: [...pods.items.values()],
    requests: requests.answer,
    podUse: podUse.answer,
  });
  const hosts = foundHosts(all, search);
  const said = [ingresses, services, pods, requests].flatMap(({ problem }) => problem ?? []);
  const problems = [...new Set(said)];
  return (
    <>
      <div class="top">
        <h1>Ingress map</h1>
        <input
          type="search"
          placeholder="Host or Service"
          aria-label="Host or Service"
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <span class="space" />
        <a href={hrefOf(["ingresses", "list"])}>As a list</a>
      </div>
      <Notice text={problems.join("; ") || undefined} isError />
      {hosts.length === 0 && ingresses.isComplete && (
        <p class="soft">No host leads to a Service here.</p>
      )}
      {(requests.answer?.left ?? 0) > 0 && (
        <p class="soft">
          {requests.answer?.left} quieter hosts and paths are shown without numbers.
        </p>
      )}
      <div class="stack">
        {hosts.slice(0, MOST_HOSTS).map((host) => (
          <Host key={host.host} view={host} />
        ))}
      </div>
      {hosts.length > MOST_HOSTS && (
        <p class="soft">and {hosts.length - MOST_HOSTS} hosts more, which have fewer requests</p>
      )}
    </>
  );
}

function Host({ view: { host, requests, paths } }: { view: HostView }) {
  return (
    <section class="card host" aria-label={host}>
      <h2>
        {host === "*" ? "any other host" : host}{" "}
        <span class="soft">{formatValue(requests, "perSecond")}</span>
      </h2>
      {paths.map((path) => (
        <Path key={path.key} view={path} />
      ))}
    </section>
  );
}

const words: Readonly<Record<Tone, string>> = {
  good: "answers well",
  warn: "is slow or refuses often",
  bad: "fails",
  idle: "is not asked",
  lost: "has no pod that is ready",
};

function Path({ view }: { view: PathView }) {
  const { path, namespace, ingress, service, tone, requests, course, pods } = view;
  const ingressHref = hrefOf([...objectParts(resources.ingresses), namespace, ingress]);
  const serviceHref = hrefOf([...objectParts(resources.services), namespace, service]);
  return (
    <div class={`path ${tone}`}>
      <div class="mono">{ingress ? <a href={ingressHref}>{path}</a> : path || "/"}</div>
      <div class="rates">
        <span>
          <b>{formatValue(requests, "perSecond")}</b>{" "}
          <Sparkline values={course} label={`requests to ${path} in the last 5 minutes`} />
        </span>
        <span class="soft">
          {requests > 0 && <Errors view={view} />}
          {view.p50 !== undefined && ` · ${formatValue(view.p50, "ms")}`}
          {view.p99 !== undefined && ` · 99 %: ${formatValue(view.p99, "ms")}`}
        </span>
      </div>
      <RateArrow requests={requests} />
      <div>
        <a href={serviceHref}>{service}</a>
        <div class="soft">{words[tone]}</div>
      </div>
      <RateArrow requests={requests} />
      <Pods namespace={namespace} pods={pods} />
    </div>
  );
}

const MOST_THICK = 8;

/** An arrow as thick as the requests are many: ten times as many are two pixels more. */
function RateArrow({ requests }: { requests: number }) {
  const thick = requests > 0 ? 2 + 2 * Math.log10(1 + requests) : 1;
  return <i class="rate-arrow" style={{ height: `${Math.min(MOST_THICK, thick)}px` }} />;
}

function Errors({ view: { clientErrorPercent, serverErrorPercent } }: { view: PathView }) {
  const shown = [
    ["5xx", serverErrorPercent, "bad"],
    ["4xx", clientErrorPercent, "warn"],
  ] as const;
  const some = shown.filter(([, percent]) => percent > 0);
  if (some.length === 0) return <span>no errors</span>;
  return (
    <>
      {some.map(([name, percent, tone]) => (
        <span key={name} class={tone}>
          {Math.max(0.1, Math.round(percent * 10) / 10)} % {name}{" "}
        </span>
      ))}
    </>
  );
}

function Pods({ namespace, pods }: Pick<PathView, "namespace" | "pods">) {
  return (
    <div class="swap">
      {pods.slice(0, MOST_PODS).map(({ name, state, requests }) => (
        <PodSquare
          key={name}
          {...{ namespace, name, state, more: `, ${formatValue(requests, "perSecond")}` }}
        />
      ))}
      {pods.length > MOST_PODS && <span class="soft">and {pods.length - MOST_PODS} more</span>}
      {pods.length === 0 && <span class="soft">no pods</span>}
    </div>
  );
}
