import { useState } from "preact/hooks";
import type { Tenant } from "#api/schema/own/tenant";
import type { TenantPlan } from "#api/schema/own/tenant-plan";
import { modeOf } from "#api/tenants/names";
import { resource, resources } from "#dashboard/model/resources";
import { hrefOf, type Route } from "#dashboard/model/route";
import {
  suspendTenant,
  tenantAccess,
  unwakeable,
  wakeTenant,
} from "#dashboard/model/tenant-actions";
import { tenantPhase } from "#dashboard/model/tenant-search";
import { Absent } from "#dashboard/parts/absent";
import { ActionButton } from "#dashboard/parts/action-button";
import { EventsOf, useEventsOf } from "#dashboard/parts/events-of";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";
import { currentTab, Tabs } from "#dashboard/parts/tabs";
import { TenantCost } from "#dashboard/parts/tenant-cost";
import { Tone } from "#dashboard/parts/tone";
import { useObject } from "#dashboard/parts/use-object";
import { WhyCard } from "#dashboard/parts/why-card";
import { YamlView } from "#dashboard/parts/yaml-view";

const TABS = ["Tenant", "Events", "YAML"] as const;
const PLANS = resource("kaji.dev/v1alpha1", "TenantPlan", "tenantplans", false);

/** One tenant: what it is, what there is of it, what it costs; wake, suspend, resume. */
export function TenantPage({ name, route }: { name: string; route: Route }) {
  const { object, isComplete, problem } = useObject<Tenant>(resources.tenants, undefined, name);
  if (!object) return <Absent kind="tenant" {...{ name, isComplete, problem }} />;
  return <OneTenant key={object.metadata.uid} tenant={object} route={route} />;
}

function OneTenant({ tenant, route }: { tenant: Tenant; route: Route }) {
  const plan = useObject<TenantPlan>(PLANS, undefined, tenant.spec.plan).object;
  const mode = modeOf(tenant, plan);
  const [problem, setProblem] = useState<string>();
  const tab = currentTab(route, TABS);
  const { name } = tenant.metadata;
  return (
    <>
      <div class="top">
        <h1>{name}</h1>
        <Tone word={tenantPhase(tenant)} />
        <span class="soft">{mode}</span>
        <span class="space" />
        <TenantActions tenant={tenant} mode={mode} onProblem={setProblem} />
      </div>
      <Notice text={problem} isError />
      <Tabs route={route} tabs={TABS} />
      {tab === "Tenant" && (
        <div class="stack">
          <WhyCard resource={resources.tenants} object={tenant} />
          <TenantCost tenant={tenant} />
          <Facts tenant={tenant} />
        </div>
      )}
      {tab === "Events" && <TenantEvents uid={tenant.metadata.uid ?? "-"} />}
      {tab === "YAML" && (
        <YamlView resource={resources.tenants} namespace={undefined} name={name} />
      )}
    </>
  );
}

function TenantActions({
  tenant,
  mode,
  onProblem,
}: {
  tenant: Tenant;
  mode: string;
  onProblem: (problem: string | undefined) => void;
}) {
  const { suspended = false } = tenant.spec;
  const reason = unwakeable(tenant, mode);
  const question = `Suspend ${tenant.metadata.name}? Its hosts are answered 503 and its workloads stop.`;
  return (
    <div class="actions">
      {reason === undefined ? (
        <ActionButton
          key="wake"
          label="Wake"
          access={tenantAccess(tenant, "patch", "/status")}
          run={() => wakeTenant(tenant, Date.now())}
          onProblem={onProblem}
        />
      ) : (
        <button key="wake-not" type="button" disabled title={reason}>
          Wake
        </button>
      )}
      <ActionButton
        key="suspend"
        label={suspended ? "Resume" : "Suspend"}
        access={tenantAccess(tenant, "patch")}
        {...(suspended ? {} : { confirm: question })}
        run={() => suspendTenant(tenant, !suspended)}
        onProblem={onProblem}
      />
    </div>
  );
}

function TenantEvents({ uid }: { uid: string }) {
  return <EventsOf events={useEventsOf(uid, undefined)} />;
}

function Facts({ tenant }: { tenant: Tenant }) {
  const { choose } = useScope();
  const { spec, status } = tenant;
  const rows: readonly (readonly [string, string])[] = [
    ["Plan", spec.plan],
    ["Hosts", (spec.hosts ?? []).join(", ") || "none"],
    ["Owners", (spec.owners ?? []).map((one) => `${one.kind} ${one.name}`).join(", ") || "none"],
    ["Last wake", status?.lastWakeTime ?? "never"],
    ...Object.entries(spec.parameters ?? {}).map(([key, value]) => [key, value] as const),
  ];
  return (
    <section class="card">
      <h2>Facts</h2>
      <dl class="facts">
        {rows.map(([label, value]) => (
          <>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </>
        ))}
        <dt>Namespaces</dt>
        <dd>
          {(status?.namespaces ?? []).length === 0 && "none: it is a record alone"}
          {(status?.namespaces ?? []).map((namespace) => (
            <a key={namespace} href={hrefOf(["pods"])} onClick={() => choose(namespace)}>
              {namespace}{" "}
            </a>
          ))}
        </dd>
      </dl>
    </section>
  );
}
