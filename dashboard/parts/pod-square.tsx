import { hrefOf } from "#dashboard/model/route";
import type { PodState } from "#dashboard/model/pod-state";

/** A pod as a square that leads to it. Colour and sign both tell its state; its name is there for pointers and readers. */
export function PodSquare({
  namespace,
  name,
  state,
  more = "",
}: {
  namespace: string;
  name: string;
  state: PodState | "throttled";
  /** Said after the state. */
  more?: string;
}) {
  const text = `${name}: ${state}${more}`;
  return (
    <a
      class={`pod ${state}`}
      href={hrefOf(["pods", namespace, name])}
      title={text}
      aria-label={text}
    />
  );
}

const states = ["ready", "starting", "failing", "throttled", "leaving"] as const;

/** What the signs mean. */
export function PodLegend() {
  return (
    <p class="pod-legend soft" aria-hidden="true">
      {states.map((state) => (
        <span key={state}>
          <i class={`pod ${state}`} /> {state}
        </span>
      ))}
    </p>
  );
}
