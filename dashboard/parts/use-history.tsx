import { useEffect, useState } from "preact/hooks";
import type { HistoryAnswer } from "#api/history/answer";
import { followHistory, type HistoryWish } from "#dashboard/model/history";

export interface Followed {
  readonly answer: HistoryAnswer | undefined;
  readonly problem: string | undefined;
}

const nothing: Followed = { answer: undefined, problem: undefined };

/** A history for as long as the component is shown. */
export function useHistory({ of, namespace, name, range }: HistoryWish): Followed {
  const [followed, setFollowed] = useState(nothing);
  useEffect(() => {
    const abort = new AbortController();
    setFollowed(nothing);
    const tell = (answer: HistoryAnswer | undefined, problem: string | undefined): void =>
      setFollowed({ answer, problem });
    void followHistory({ of, namespace, name, range }, tell, abort.signal);
    return () => abort.abort();
  }, [of, namespace, name, range]);
  return followed;
}
