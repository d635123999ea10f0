import { useEffect, useRef, useState } from "preact/hooks";
import {
  type RolloutStep,
  type SeenPods,
  seenPods,
  stepsBetween,
  type VersionView,
} from "#dashboard/model/rollout";

/** Of a long roll-out the newest are kept. */
const MOST_STEPS = 200;

const words: Readonly<Record<RolloutStep["step"], readonly [text: string, tone: string]>> = {
  starting: ["is started", "busy"],
  ready: ["is ready and gets requests", "good"],
  leaving: ["gets no more requests, and ends", "warn"],
  failing: ["fails", "bad"],
  gone: ["is gone", "soft"],
};

/** The swap, step by step, as it was seen since the page was opened. */
export function RolloutSteps({ versions }: { versions: readonly VersionView[] }) {
  const before = useRef<SeenPods>();
  const [steps, setSteps] = useState<readonly RolloutStep[]>([]);
  const now = seenPods(versions);
  useEffect(() => {
    // What was there at the first look is no step.
    const found = before.current ? stepsBetween(before.current, now, Date.now()) : [];
    if (now.size > 0 || before.current) before.current = now;
    if (found.length > 0) setSteps((known) => [...found.reverse(), ...known].slice(0, MOST_STEPS));
  });
  if (steps.length === 0) return null;
  return (
    <section class="card" aria-label="Steps" aria-live="polite">
      <h2>Swap by swap</h2>
      <ol class="steps">
        {steps.map(({ atMs, pod, revision, step }) => {
          const [text, tone] = words[step];
          return (
            <li key={`${pod} ${step} ${atMs}`}>
              <time class="soft">{new Date(atMs).toLocaleTimeString()}</time>{" "}
              <span class="mono">{pod}</span> <span class="soft">of revision {revision}</span>{" "}
              <span class={tone}>{text}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
