import { resource, resources } from "#dashboard/model/resources";
import type { Route } from "#dashboard/model/route";
import { ApplyPage } from "#dashboard/pages/apply";
import { AppsPage } from "#dashboard/pages/apps";
import { DeploymentPage } from "#dashboard/pages/deployment";
import { IngressPage } from "#dashboard/pages/ingress";
import { EventsPage } from "#dashboard/pages/events";
import { KindsPage } from "#dashboard/pages/kinds";
import { ListPage } from "#dashboard/pages/list";
import { NodesPage } from "#dashboard/pages/nodes";
import { ObjectPage } from "#dashboard/pages/object";
import { OverviewPage } from "#dashboard/pages/overview";
import { PodPage } from "#dashboard/pages/pod";
import { TenantPage } from "#dashboard/pages/tenant";
import { TenantsPage } from "#dashboard/pages/tenants";

/** Which page an address is. Lists: "#/pods"; one object: "#/pods/NAMESPACE/NAME". */
export function PageOf({ route }: { route: Route }) {
  const [section, ...rest] = route.parts;
  const [namespace = "", name = ""] = rest;
  const isOne = name !== "";
  switch (section) {
    case undefined:
      return <OverviewPage />;
    case "apps":
      return <AppsPage />;
    case "pods":
      if (isOne) return <PodPage namespace={namespace} name={name} route={route} />;
      return <ListPage title="Pods" resource={resources.pods} hrefParts={["pods"]} />;
    case "deployments":
      if (isOne) return <DeploymentPage namespace={namespace} name={name} route={route} />;
      return (
        <ListPage
          title="Deployments"
          resource={resources.deployments}
          hrefParts={["deployments"]}
        />
      );
    case "events":
      return <EventsPage />;
    case "nodes":
      return <NodesPage />;
    case "ingresses":
      if (namespace === "list")
        return <ListPage title="Ingresses" resource={resources.ingresses} />;
      return <IngressPage />;
    case "tenants":
      if (namespace) return <TenantPage name={namespace} route={route} />;
      return <TenantsPage />;
    case "apply":
      return <ApplyPage />;
    case "kinds":
      return <KindsPage />;
    case "kind":
      return <OfKind parts={rest} route={route} />;
    default:
      return <p>There is no page “{section}”.</p>;
  }
}

/** "#/kind/GROUP/VERSION/PLURAL/SCOPE/KIND[/NAMESPACE/NAME]": any kind that the API serves. */
function OfKind({ parts, route }: { parts: readonly string[]; route: Route }) {
  const [group = "core", version = "v1", plural = "", scope, kind = plural, namespace, name] =
    parts;
  const groupVersion = group === "core" ? version : `${group}/${version}`;
  const one = resource(groupVersion, kind, plural, scope !== "cluster");
  if (name) {
    const at = namespace === "-" ? undefined : namespace;
    return <ObjectPage resource={one} namespace={at} name={name} route={route} />;
  }
  return <ListPage title={kind} resource={one} />;
}
