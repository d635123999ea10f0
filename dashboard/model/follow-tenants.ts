import type { Tenant } from "#api/schema/own/tenant";
import { apiFetch, apiJson } from "#dashboard/model/api-request";
import { linesOf } from "#dashboard/model/line-stream";
import { tableForm } from "#dashboard/model/live-table";
import { isRefused } from "#dashboard/model/refused-retry";
import { pathOf, resources } from "#dashboard/model/resources";
import type { TenantPage } from "#dashboard/model/tenant-search";

/**
 * Keeps a page of tenants true without reading more of them: of every change in the cluster it is told which tenant
 * it was, half a kilobyte each, and reads anew those that the page shows.
 */
export interface TenantListener {
  readonly signal: AbortSignal;
  /** Those of the page as they are now; undefined: it is gone. By uid. */
  onTenants(changed: ReadonlyMap<string, Tenant | undefined>): void;
  /** Others have changed, which may belong to the page by now; or nobody tells any more. The page is to be read anew. */
  onOthers(): void;
}

interface RowEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: unknown;
}

/** Several changes of a tenant are one. */
const GATHER_MS = 1_000;
/** Of others there are always some, where there are many tenants. */
const OTHERS_MS = 15_000;
const LOST_MS = 2_000;
/** For who may list tenants and not watch them. */
const REFUSED_MS = 60_000;

/** Until the signal aborts, or until `onOthers` has been called: then the page that is read has a follower of its own. */
export async function followTenants(page: TenantPage, listener: TenantListener): Promise<void> {
  const { signal, onOthers } = listener;
  let waitMs = LOST_MS;
  const news = new News(page, listener);
  const query = new URLSearchParams({
    ...{ watch: "true", resourceVersion: page.metadata.resourceVersion ?? "", ...tableForm.query },
  });
  try {
    const url = `${pathOf(resources.tenants)}?${query.toString()}`;
    const response = await apiFetch(url, { accept: tableForm.accept, signal });
    for await (const line of linesOf(response)) {
      const { type, object } = JSON.parse(line) as RowEvent;
      if (type === "ERROR") break;
      if (type === "BOOKMARK") continue;
      for (const { object: row } of tableForm.itemsOfEvent(object)) {
        news.add(row.metadata.uid, type === "DELETED" ? undefined : row.metadata.name);
      }
    }
  } catch (error) {
    // Away, or not to be watched: who reads the page again says why, and one that may be read is read now and then.
    if (isRefused(error)) waitMs = REFUSED_MS;
  }
  news.stop();
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (!signal.aborted) onOthers();
}

class News {
  private readonly shown: ReadonlySet<string>;
  private readonly listener: TenantListener;
  /** By uid their names; undefined: they are gone. */
  private changed = new Map<string, string | undefined>();
  private gathering: number | undefined;
  private others: number | undefined;

  constructor({ items }: TenantPage, listener: TenantListener) {
    this.shown = new Set(items.map(({ metadata }) => metadata.uid ?? ""));
    this.listener = listener;
    listener.signal.addEventListener("abort", () => this.stop(), { once: true });
  }

  add(uid: string, name: string | undefined): void {
    if (!this.shown.has(uid)) {
      this.others ??= window.setTimeout(() => this.listener.onOthers(), OTHERS_MS);
      return;
    }
    this.changed.set(uid, name);
    this.gathering ??= window.setTimeout(() => void this.read(), GATHER_MS);
  }

  stop(): void {
    clearTimeout(this.gathering);
    clearTimeout(this.others);
  }

  private async read(): Promise<void> {
    const { signal, onTenants, onOthers } = this.listener;
    const changed = [...this.changed];
    this.changed = new Map();
    this.gathering = undefined;
    try {
      const now = changed.map(async ([uid, name]) => {
        const path = pathOf(resources.tenants, undefined, name ?? "");
        return [uid, name && (await apiJson<Tenant>(path, { signal }))] as const;
      });
      const read = await Promise.all(now);
      onTenants(new Map(read.map(([uid, tenant]) => [uid, tenant || undefined])));
    } catch {
      // One of them went meanwhile, or the server is away.
      if (!signal.aborted) onOthers();
    }
  }
}
