import { useState } from "preact/hooks";
import type { Tenant } from "#api/schema/own/tenant";
import { hrefOf } from "#dashboard/model/route";
import { suspendTenant, tenantAccess } from "#dashboard/model/tenant-actions";
import { type TenantPage, tenantPhase } from "#dashboard/model/tenant-search";
import { ActionButton } from "#dashboard/parts/action-button";
import { Choice } from "#dashboard/parts/choice";
import { Grid } from "#dashboard/parts/grid";
import { NameLink } from "#dashboard/parts/name-link";
import { Notice } from "#dashboard/parts/notice";
import { Tone } from "#dashboard/parts/tone";
import { useTenantPage } from "#dashboard/parts/use-tenant-page";

const PHASES = ["Ready", "Asleep", "Pending", "Suspended", "Failed"];

/** Tenants a page at a time, or those that are searched for: there may be hundreds of thousands. */
export function TenantsPage() {
  const [text, setText] = useState("");
  const [phase, setPhase] = useState("");
  const [at, setAt] = useState<readonly string[]>([""]);
  const [failure, setFailure] = useState<string>();
  const search = [text.trim(), phase && `phase=${phase}`].filter(Boolean).join(" ");
  const { page, problem } = useTenantPage(search, at.at(-1) ?? "", () => setAt([""]));
  const next = page?.metadata.continue;
  return (
    <>
      <div class="top">
        <h1>Tenants</h1>
        <span class="soft">{countOf(page, search)}</span>
        <span class="space" />
        <input
          type="search"
          placeholder="Name, host, owner, plan …"
          aria-label="Search tenants"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt([""]);
          }}
        />
        <Choice
          label="Phase"
          none="Any phase"
          values={PHASES}
          chosen={phase}
          choose={(next) => {
            setPhase(next);
            setAt([""]);
          }}
        />
        <button type="button" disabled={at.length === 1} onClick={() => setAt(at.slice(0, -1))}>
          Before
        </button>
        <button type="button" disabled={!next} onClick={() => next && setAt([...at, next])}>
          Next
        </button>
      </div>
      <Notice text={failure ?? problem} isError />
      <Grid
        label="Tenants"
        rows={page?.items ?? []}
        empty={page ? "No tenant is here." : "Reading …"}
        keyOf={({ metadata }) => metadata.uid ?? ""}
        hrefOf={hrefOfTenant}
        columns={columnsOf(setFailure)}
      />
    </>
  );
}

function hrefOfTenant({ metadata }: Tenant): string {
  return hrefOf(["tenants", metadata.name]);
}

function columnsOf(onProblem: (problem: string | undefined) => void) {
  return [
    {
      name: "Name",
      width: "minmax(180px, 1fr)",
      text: ({ metadata }: Tenant) => metadata.name,
      view: (tenant: Tenant) => (
        <NameLink href={hrefOfTenant(tenant)} name={tenant.metadata.name} />
      ),
    },
    { name: "Plan", width: "130px", text: ({ spec }: Tenant) => spec.plan },
    {
      name: "Hosts",
      width: "minmax(180px, 2fr)",
      text: ({ spec }: Tenant) => (spec.hosts ?? []).join(", "),
    },
    {
      name: "Owners",
      width: "minmax(120px, 1fr)",
      text: ({ spec }: Tenant) => (spec.owners ?? []).map(({ name }) => name).join(", "),
    },
    {
      name: "Phase",
      isPlain: true,
      width: "110px",
      text: tenantPhase,
      view: (tenant: Tenant) => <Tone word={tenantPhase(tenant)} />,
    },
    {
      name: " ",
      width: "120px",
      text: () => "",
      view: (tenant: Tenant) => (
        <ActionButton
          label={tenant.spec.suspended ? "Resume" : "Suspend"}
          access={tenantAccess(tenant, "patch")}
          {...(tenant.spec.suspended
            ? {}
            : {
                confirm: `Suspend ${tenant.metadata.name}? Its hosts are answered 503 and its workloads stop.`,
              })}
          run={() => suspendTenant(tenant, !tenant.spec.suspended)}
          onProblem={onProblem}
        />
      ),
    },
  ];
}

function countOf(page: TenantPage | undefined, search: string): string {
  if (!page) return "";
  const { continue: next, remainingItemCount } = page.metadata;
  if (remainingItemCount) return `${page.items.length} and ${remainingItemCount} more`;
  if (next) return `${page.items.length} and more`;
  return search ? `${page.items.length} found` : String(page.items.length);
}
