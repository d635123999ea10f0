import { useMemo } from "preact/hooks";
import { attentionsOf, nothingWords, watched } from "#dashboard/model/attention";
import { liveCollection, objectForm } from "#dashboard/model/live-collection";
import { hrefOfObject } from "#dashboard/model/object-links";
import { pathOf } from "#dashboard/model/resources";
import { useScope } from "#dashboard/parts/scope";
import type { FollowedSummary } from "#dashboard/parts/use-pods-summary";
import { useLists } from "#dashboard/parts/use-lists";

const MOST_SHOWN = 15;

/** What somebody should look at, each with its reason, live: what cannot be read is left out, and said. */
export function AttentionList({ pods: { summary, problem } }: { pods: FollowedSummary }) {
  const { namespace } = useScope();
  const lists = useMemo(
    () =>
      watched.map((explainer) => {
        const path = pathOf(explainer, namespace);
        return [
          explainer,
          liveCollection({ path, form: objectForm<{ metadata: object }>() }),
        ] as const;
      }),
    [namespace],
  );
  useLists(useMemo(() => lists.map(([, list]) => list), [lists]));
  const all = attentionsOf(
    lists.map(([explainer, list]) => [explainer, list.items.values()]),
    Date.now(),
    summary?.troubled,
  );
  const isComplete =
    Boolean(summary ?? problem) && lists.every(([, list]) => list.isComplete || list.problem);
  const hidden = lists
    .filter(([, list]) => list.problem && !list.isComplete)
    .map(([{ plural }]) => plural);
  if (problem && !summary) hidden.unshift("pods");
  return (
    <section class="card attention" aria-label="Needs attention">
      <h2>
        Needs attention <span class="soft">{all.length > 0 ? all.length : ""}</span>
      </h2>
      {all.length === 0 && (
        <p class="soft">
          {isComplete ? nothingWords(hidden.length, lists.length + 1) : "Reading …"}
        </p>
      )}
      {all.slice(0, MOST_SHOWN).map(({ explainer, object, trouble, others }) => (
        <p key={object.metadata.uid}>
          <a href={hrefOfObject(explainer, object.metadata.namespace, object.metadata.name)}>
            {explainer.kind} {object.metadata.name}
          </a>
          {others > 0 && ` and ${others} like it`}
          {object.metadata.namespace && <span class="soft"> in {object.metadata.namespace}</span>}{" "}
          <span class={trouble.tone}>{trouble.sentence}</span>
        </p>
      ))}
      {all.length > MOST_SHOWN && <p class="soft">and {all.length - MOST_SHOWN} more</p>}
      {hidden.length > 0 && <p class="soft">You may not see: {hidden.join(", ")}.</p>}
    </section>
  );
}
