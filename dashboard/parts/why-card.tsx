import { useMemo } from "preact/hooks";
import { explainerOf } from "#api/why/index";
import { type Explainer, whyLines } from "#api/why/explainer";
import type { KubeObject } from "#api/machinery/meta";
import type { Resource } from "#dashboard/model/resources";
import { listsAround, surroundingsOf } from "#dashboard/model/surroundings";
import { useLists } from "#dashboard/parts/use-lists";
import { usePodUse } from "#dashboard/parts/use-pod-use";

/** Why the object is as it is: the same words as `kaji why`, and live. Nothing for kinds that have no explainer. */
export function WhyCard({ resource, object }: { resource: Resource; object: object }) {
  const explainer = explainerOf(resource);
  if (!explainer) return null;
  return <Why explainer={explainer} object={object as KubeObject} />;
}

function Why({ explainer, object }: { explainer: Explainer; object: KubeObject }) {
  const { namespace, name } = object.metadata;
  const lists = useMemo(
    () => listsAround(explainer.reads, { kind: explainer.kind, namespace, name }),
    [explainer, namespace, name],
  );
  useLists(useMemo(() => [...lists.values()], [lists]));
  const isMeasured = explainer.reads.includes("podUse");
  const podUse = usePodUse(isMeasured && namespace ? [namespace] : []);
  const [summary = "", ...reasons] = whyLines(explainer, object, {
    ...surroundingsOf(lists),
    podUse,
  });
  const tone = explainer.trouble(object)?.tone;
  const unread = [...lists].filter(([, list]) => list.problem && !list.isComplete);
  return (
    <section class={`card why ${tone ?? ""}`} aria-label="Why">
      <h2>{summary}</h2>
      {reasons.map((line) => (
        <p key={line}>{line.trim()}</p>
      ))}
      {unread.length > 0 && (
        <p class="soft">
          There may be more to say: you may not see{" "}
          {unread.map(([read]) => wordsOf(read)).join(", ")}.
        </p>
      )}
    </section>
  );
}

/** "storageClasses": "storage classes" */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
