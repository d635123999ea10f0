import { useEffect, useState } from "preact/hooks";
import { PODS_SUMMARY_PATH, type PodsSummary } from "#api/overview/pods-summary";
import { followLines } from "#dashboard/model/follow-lines";

export interface FollowedSummary {
  readonly summary: PodsSummary | undefined;
  readonly problem: string | undefined;
}

const nothing: FollowedSummary = { summary: undefined, problem: undefined };

/** How the pods are, for as long as the component is shown: the server sums them up, however many there are. */
export function usePodsSummary(namespace: string | undefined): FollowedSummary {
  const [followed, setFollowed] = useState(nothing);
  useEffect(() => {
    const abort = new AbortController();
    setFollowed(nothing);
    const query = new URLSearchParams({ watch: "true", ...(namespace ? { namespace } : {}) });
    void followLines(`${PODS_SUMMARY_PATH}?${query.toString()}`, {
      signal: abort.signal,
      onLine: (line) =>
        setFollowed({ summary: JSON.parse(line) as PodsSummary, problem: undefined }),
      onProblem: (problem, isRefused) =>
        setFollowed(({ summary }) => ({ summary: isRefused ? undefined : summary, problem })),
    });
    return () => abort.abort();
  }, [namespace]);
  return followed;
}
