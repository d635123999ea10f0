import { useEffect, useState } from "preact/hooks";
import type { Tenant } from "#api/schema/own/tenant";
import { apiFetch, apiJson, sentenceOf } from "#dashboard/model/api-request";
import { objectParts, pathOf, resources } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { Grid } from "#dashboard/parts/grid";
import { Notice } from "#dashboard/parts/notice";
import { Tone } from "#dashboard/parts/tone";

interface Page {
  readonly items: readonly Tenant[];
  readonly metadata: { readonly continue?: string; readonly remainingItemCount?: number };
}

const PAGE_SIZE = 200;

/** Tenants a page at a time: there may be hundreds of thousands. A whole name finds its tenant at once. */
export function TenantsPage() {
  const [search, setSearch] = useState("");
  const [at, setAt] = useState<readonly string[]>([""]);
  const [version, setVersion] = useState(0);
  const [problem, setProblem] = useState<string>();
  const page = usePage(search.trim(), at.at(-1) ?? "", version, setProblem);
  const patch = async (tenant: Tenant, suspended: boolean): Promise<void> => {
    await apiFetch(pathOf(resources.tenants, undefined, tenant.metadata.name), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: JSON.stringify({ spec: { suspended } }),
    });
    setVersion((n) => n + 1);
  };
  const run = (step: Promise<void>): void => {
    step.catch((error: unknown) => setProblem(sentenceOf(error)));
  };
  const hrefOfTenant = ({ metadata }: Tenant): string =>
    hrefOf([...objectParts(resources.tenants), "-", metadata.name]);
  const next = page?.metadata.continue;
  return (
    <>
      <div class="top">
        <h1>Tenants</h1>
        <span class="soft">{countOf(page)}</span>
        <span class="space" />
        <input
          type="search"
          placeholder="Name"
          aria-label="Name"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
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
      <Notice text={problem} isError />
      <Grid
        rows={page?.items ?? []}
        empty="No tenant is here."
        keyOf={({ metadata }) => metadata.uid ?? ""}
        hrefOf={hrefOfTenant}
        columns={[
          {
            name: "Name",
            width: "minmax(180px, 1fr)",
            text: ({ metadata }) => metadata.name,
            view: (tenant) => <a href={hrefOfTenant(tenant)}>{tenant.metadata.name}</a>,
          },
          { name: "Plan", width: "140px", text: ({ spec }) => spec.plan },
          {
            name: "Hosts",
            width: "minmax(200px, 2fr)",
            text: ({ spec }) => (spec.hosts ?? []).join(", "),
          },
          {
            name: "Phase",
            width: "110px",
            text: phaseOf,
            view: (tenant) => <Tone word={phaseOf(tenant)} />,
          },
          {
            name: " ",
            width: "110px",
            text: () => "",
            view: (tenant) => (
              <button type="button" onClick={() => run(patch(tenant, !tenant.spec.suspended))}>
                {tenant.spec.suspended ? "Resume" : "Suspend"}
              </button>
            ),
          },
        ]}
      />
    </>
  );
}

function phaseOf({ spec, status }: Tenant): string {
  return spec.suspended ? "Suspended" : (status?.phase ?? "Ready");
}

function countOf(page: Page | undefined): string {
  if (!page) return "";
  const rest = page.metadata.remainingItemCount ?? 0;
  return rest > 0 ? `${page.items.length} and ${rest} more` : String(page.items.length);
}

function usePage(
  search: string,
  from: string,
  version: number,
  onProblem: (problem: string | undefined) => void,
): Page | undefined {
  const [page, setPage] = useState<Page>();
  useEffect(() => {
    const abort = new AbortController();
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (search) query.set("fieldSelector", `metadata.name=${search}`);
    else if (from) query.set("continue", from);
    const path = `${pathOf(resources.tenants)}?${query.toString()}`;
    apiJson<Page>(path, { signal: abort.signal }).then(
      (found) => {
        onProblem(undefined);
        setPage(found);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) onProblem(sentenceOf(error));
      },
    );
    return () => abort.abort();
  }, [search, from, version]);
  return page;
}
