import { useEffect, useState } from "preact/hooks";
import { ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { followTenants } from "#dashboard/model/follow-tenants";
import { isRefused, refusedSentence, waitAfterRefusal } from "#dashboard/model/refused-retry";
import { pageOfTenants, type TenantPage, withChanges } from "#dashboard/model/tenant-search";

/** Who types on asks once, not for every letter. */
const TYPING_MS = 120;
const RETRY_MS = 2_000;
const GONE = 410;

/** A page of tenants, live. `onGone`: the pages that were begun are not kept any more, one begins anew. */
export function useTenantPage(
  search: string,
  from: string,
  onGone: () => void,
): { readonly page: TenantPage | undefined; readonly problem: string | undefined } {
  const [page, setPage] = useState<TenantPage>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let refusals = 0;
    const again = (): void => setAttempt((n) => n + 1);
    const fail = (error: unknown): void => {
      if (signal.aborted) return;
      if (error instanceof ApiRefusal && error.code === GONE) return onGone();
      setProblem(isRefused(error) ? refusedSentence(error) : sentenceOf(error));
      if (isRefused(error)) timer = window.setTimeout(ask, waitAfterRefusal(++refusals));
      // A server that is away is asked again; another refusal stands.
      else if (error instanceof TypeError) timer = window.setTimeout(ask, RETRY_MS);
    };
    const show = (found: TenantPage): void => {
      setProblem(undefined);
      setPage(found);
      void followTenants(found, {
        signal,
        onTenants: (changed) => setPage((now) => now && withChanges(now, changed)),
        onOthers: again,
      });
    };
    function ask(): void {
      pageOfTenants(search, from, signal).then(show, fail);
    }
    let timer = window.setTimeout(ask, search ? TYPING_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [search, from, attempt]);
  return { page, problem };
}
