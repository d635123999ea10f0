import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "#dashboard/model/api-request";
import type { Resource } from "#dashboard/model/resources";
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
  const [known, setKnown] = useState("");
  const [text, setText] = useState("");
  // Of which text: it may be edited while the server works.
  const [outcome, setOutcome] = useState<{ readonly of: string; readonly after: string }>();
  const [said, setSaid] = useState<{ readonly text: string; readonly isError: boolean }>();
  const run = (step: () => Promise<void>): void => {
    setSaid(undefined);
    step().catch((error: unknown) => setSaid({ text: sentenceOf(error), isError: true }));
  };
  const read = async (): Promise<void> => {
    const { readYaml } = await import("#dashboard/model/edit-object");
    const yaml = await readYaml(resource, namespace, name);
    setKnown(yaml);
    setText(yaml);
    setOutcome(undefined);
  };
  useEffect(() => run(read), [resource, namespace, name]);
  const compare = async (): Promise<void> => {
    const { tryYaml } = await import("#dashboard/model/edit-object");
    setOutcome({ of: text, after: await tryYaml(resource, namespace, name, text) });
  };
  const apply = async (): Promise<void> => {
    const { writeYaml } = await import("#dashboard/model/edit-object");
    await writeYaml(resource, namespace, name, text);
    await read();
    setSaid({ text: "Applied.", isError: false });
  };
  const isChanged = text !== known;
  const { group, plural } = resource;
  const mayWrite = useRight({ verb: "update", group, resource: plural, namespace, name });
  return (
    <div class="stack">
      <div class="top">
        <button type="button" disabled={!isChanged} onClick={() => run(compare)}>
          Show what would change
        </button>
        <button
          class="main"
          type="button"
          disabled={outcome?.of !== text}
          onClick={() => run(apply)}
        >
          Apply
        </button>
        <button type="button" onClick={() => run(read)}>
          Read again
        </button>
      </div>
      {mayWrite === false && <p class="soft">You may read it; you may not change it.</p>}
      <Notice text={said?.text} isError={said?.isError ?? false} />
      {outcome?.of === text && <Difference before={known} after={outcome.after} />}
      <textarea
        class="editor"
        aria-label="YAML"
        spellcheck={false}
        readOnly={mayWrite === false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </div>
  );
}
