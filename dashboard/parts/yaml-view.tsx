import { useEffect, useRef, useState } from "preact/hooks";
import { sentenceOf } from "#dashboard/model/api-request";
import type { Resource } from "#dashboard/model/resources";
import { untilReached } from "#dashboard/model/until-reached";
import { Difference } from "#dashboard/parts/difference";
import { Notice } from "#dashboard/parts/notice";
import { useRight } from "#dashboard/parts/use-right";

interface YamlViewProps {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** An object's YAML: edit, see by a dry run of the server what would change, apply. */
export function YamlView({ resource, namespace, name }: YamlViewProps) {
  const { known, text, after, said, ...act } = useYaml({ resource, namespace, name });
  const { group, plural } = resource;
  const mayWrite = useRight({ verb: "update", group, resource: plural, namespace, name });
  return (
    <div class="stack">
      <div class="top">
        <button type="button" disabled={text === known} onClick={act.compare}>
          Show what would change
        </button>
        <button class="main" type="button" disabled={after === undefined} onClick={act.apply}>
          Apply
        </button>
        <button type="button" onClick={act.read}>
          Read again
        </button>
      </div>
      {mayWrite === false && <p class="soft">You may read it; you may not change it.</p>}
      <Notice text={said?.text} isError={said?.isError ?? false} />
      {after !== undefined && <Difference before={known} after={after} />}
      <textarea
        class="editor"
        aria-label="YAML"
        spellcheck={false}
        readOnly={mayWrite === false}
        value={text}
        onInput={(event) => act.write(event.currentTarget.value)}
      />
    </div>
  );
}

/** The text as it is stored and as it is written, and what the server would make of it (`after`, of this text alone). */
function useYaml({ resource, namespace, name }: YamlViewProps) {
  const [known, setKnown] = useState("");
  const [text, setText] = useState("");
  // Of which text: it may be edited while the server works.
  const [outcome, setOutcome] = useState<{ readonly of: string; readonly after: string }>();
  const [said, setSaid] = useState<{ readonly text: string; readonly isError: boolean }>();
  const run = (step: () => Promise<void>): void => {
    setSaid(undefined);
    step().catch((error: unknown) => setSaid({ text: sentenceOf(error), isError: true }));
  };
  const asked = useRef<AbortController>();
  /** What may be asked for twice; undefined when something else has been asked for since. */
  const ask = async <T,>(question: () => Promise<T>): Promise<T | undefined> => {
    asked.current?.abort();
    const { signal } = (asked.current = new AbortController());
    const onAway = (sentence: string): void => setSaid({ text: sentence, isError: true });
    const answer = await untilReached(question, { signal, onAway });
    if (answer !== undefined) setSaid(undefined);
    return answer;
  };
  const read = async (): Promise<void> => {
    const yaml = await ask(async () => {
      const { readYaml } = await import("#dashboard/model/edit-object");
      return readYaml(resource, namespace, name);
    });
    if (yaml === undefined) return;
    setKnown(yaml);
    setText(yaml);
    setOutcome(undefined);
  };
  useEffect(() => {
    run(read);
    return () => asked.current?.abort();
  }, [resource, namespace, name]);
  const compare = async (): Promise<void> => {
    const after = await ask(async () => {
      const { tryYaml } = await import("#dashboard/model/edit-object");
      return tryYaml(resource, namespace, name, text);
    });
    if (after !== undefined) setOutcome({ of: text, after });
  };
  const apply = async (): Promise<void> => {
    const { writeYaml } = await import("#dashboard/model/edit-object");
    await writeYaml(resource, namespace, name, text);
    await read();
    setSaid({ text: "Applied.", isError: false });
  };
  return {
    ...{ known, text, said, write: setText },
    after: outcome?.of === text ? outcome.after : undefined,
    read: () => run(read),
    compare: () => run(compare),
    apply: () => run(apply),
  };
}
