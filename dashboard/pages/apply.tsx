import { useEffect, useState } from "preact/hooks";
import { sentenceOf } from "#dashboard/model/api-request";
import type { Outcome } from "#dashboard/model/apply-documents";
import { Difference } from "#dashboard/parts/difference";
import { Notice } from "#dashboard/parts/notice";
import { useScope } from "#dashboard/parts/scope";

/** What is applied is what was compared: while the server works nothing can be changed, and a change begins anew. */
type Step = "writing" | "working" | "compared" | "applied";

/** One or many objects as YAML: the server says by a dry run what would change, then they are applied. */
export function ApplyPage() {
  const { namespace = "default" } = useScope();
  const { text, isForced, step, outcomes, problem, ...act } = useApplying(namespace);
  const isWorking = step === "working";
  return (
    <>
      <div class="top">
        <h1>Apply YAML</h1>
        <span class="soft">to {namespace}, where it names no namespace</span>
        <span class="space" />
        <label>
          <input
            type="checkbox"
            checked={isForced}
            disabled={isWorking}
            onChange={(event) => act.force(event.currentTarget.checked)}
          />{" "}
          take over fields of others
        </label>
        <button type="button" disabled={isWorking || !text.trim()} onClick={() => act.start(true)}>
          Show what would change
        </button>
        <button
          class="main"
          type="button"
          disabled={step !== "compared" || outcomes.every((one) => one.problem)}
          onClick={() => act.start(false)}
        >
          Apply
        </button>
      </div>
      <Notice text={problem} isError />
      <div class="stack" aria-live="polite">
        {outcomes.map((outcome) => (
          <OneOutcome key={outcome.title} outcome={outcome} isApplied={step === "applied"} />
        ))}
        <Editor text={text} isReadOnly={isWorking} write={act.write} onProblem={act.setProblem} />
      </div>
    </>
  );
}

function useApplying(namespace: string) {
  const [text, setText] = useState("");
  const [isForced, setForced] = useState(false);
  const [step, setStep] = useState<Step>("writing");
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [problem, setProblem] = useState<string>();
  const isWorking = step === "working";
  const beginAnew = (): void => {
    setStep("writing");
    setOutcomes([]);
  };
  useEffect(beginAnew, [namespace]);
  const write = (next: string): void => {
    if (isWorking) return;
    setText(next);
    beginAnew();
  };
  const force = (next: boolean): void => {
    setForced(next);
    beginAnew();
  };
  const run = async (isDryRun: boolean): Promise<void> => {
    setProblem(undefined);
    setOutcomes([]);
    setStep("working");
    const { applyObjects, parseObjects } = await import("#dashboard/model/apply-documents");
    const found: Outcome[] = [];
    await applyObjects(parseObjects(text), { namespace, isDryRun, isForced }, (outcome) => {
      found.push(outcome);
      setOutcomes([...found]);
    });
    setStep(isDryRun ? "compared" : "applied");
  };
  const start = (isDryRun: boolean): void => {
    run(isDryRun).catch((error: unknown) => {
      setStep("writing");
      setProblem(sentenceOf(error));
    });
  };
  return { text, isForced, step, outcomes, problem, write, force, start, setProblem };
}

function OneOutcome({ outcome, isApplied }: { outcome: Outcome; isApplied: boolean }) {
  const { title, before, after, problem } = outcome;
  const isSame = before === after;
  const done = before === undefined ? "created" : isSame ? "unchanged" : "changed";
  const plan =
    before === undefined ? "would be created" : isSame ? "stays as it is" : "would change";
  return (
    <section class="card">
      <h2>
        {title} <span class={problem ? "bad" : "soft"}>{problem ?? (isApplied ? done : plan)}</span>
      </h2>
      {!isApplied && !problem && !isSame && <Difference before={before ?? ""} after={after} />}
    </section>
  );
}

/** Text, or files that are dropped on it. */
function Editor({
  text,
  isReadOnly,
  write,
  onProblem,
}: {
  text: string;
  isReadOnly: boolean;
  write: (text: string) => void;
  onProblem: (problem: string) => void;
}) {
  const drop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    Promise.all(files.map((file) => file.text())).then(
      (texts) => write([text.trim(), ...texts].filter(Boolean).join("\n---\n")),
      (error: unknown) => onProblem(sentenceOf(error)),
    );
  };
  return (
    <textarea
      class="editor"
      aria-label="YAML"
      placeholder="Paste YAML here, one or many documents, or drop files"
      spellcheck={false}
      value={text}
      readOnly={isReadOnly}
      onInput={(event) => write(event.currentTarget.value)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    />
  );
}
