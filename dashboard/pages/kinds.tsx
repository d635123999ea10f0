import { useEffect, useState } from "preact/hooks";
import { apiJson, sentenceOf } from "#dashboard/model/api-request";
import { objectParts, type Resource, resource } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";
import { untilReached } from "#dashboard/model/until-reached";
import { Notice } from "#dashboard/parts/notice";

interface ResourceList {
  readonly groupVersion: string;
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs: readonly string[];
  }[];
}

/** Everything that the API serves, by discovery. */
export function KindsPage() {
  const [kinds, setKinds] = useState<readonly Resource[]>([]);
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    untilReached(discover, { signal: abort.signal, onAway: setProblem }).then(
      (found) => {
        if (!found) return;
        setProblem(undefined);
        setKinds(found);
      },
      (error: unknown) => setProblem(sentenceOf(error)),
    );
    return () => abort.abort();
  }, []);
  return (
    <>
      <div class="top">
        <h1>All kinds</h1>
      </div>
      <Notice text={problem} isError />
      <div class="cards">
        {kinds.map((one) => (
          <a key={one.group + one.plural} class="card" href={hrefOf(objectParts(one))}>
            <strong>{one.kind}</strong>
            <br />
            <span class="soft">{one.group || "core"}</span>
          </a>
        ))}
      </div>
    </>
  );
}

async function discover(): Promise<Resource[]> {
  const groups = await apiJson<{
    groups: { preferredVersion: { groupVersion: string } }[];
  }>("/apis");
  const paths = [
    "/api/v1",
    ...groups.groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`),
  ];
  const lists = await Promise.all(paths.map((path) => apiJson<ResourceList>(path)));
  return lists
    .flatMap(({ groupVersion, resources }) =>
      resources
        .filter(({ name, verbs }) => !name.includes("/") && verbs.includes("watch"))
        .map(({ name, kind, namespaced }) => resource(groupVersion, kind, name, namespaced)),
    )
    .sort((a, b) => a.kind.localeCompare(b.kind));
}
