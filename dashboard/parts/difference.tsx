import { diffLines } from "#dashboard/model/line-diff";
import { Notice } from "#dashboard/parts/notice";

const CONTEXT_LINES = 3;
const signs = { same: "  ", added: "+ ", removed: "- " };

/** What is different in a text, with the lines around it. */
export function Difference({ before, after }: { before: string; after: string }) {
  const lines = diffLines(before, after);
  const isNear = (at: number): boolean =>
    lines
      .slice(Math.max(0, at - CONTEXT_LINES), at + CONTEXT_LINES + 1)
      .some(({ type }) => type !== "same");
  if (lines.every(({ type }) => type === "same")) return <Notice text="Nothing would change." />;
  return (
    <div class="diff" aria-label="Changes">
      {lines.map(({ type, text }, at) =>
        isNear(at) ? (
          <div key={at} class={type}>
            {signs[type] + text}
          </div>
        ) : null,
      )}
    </div>
  );
}
