import { useEffect, useState } from "preact/hooks";
import type { LiveCollection } from "#dashboard/model/live-collection";

/** Follows several lists at once: the component is drawn anew when any of them changes. */
export function useLists(lists: readonly LiveCollection<unknown>[]): void {
  const [, setChanges] = useState(0);
  useEffect(() => {
    const draw = (): void => setChanges((n) => n + 1);
    const leave = lists.map((list) => list.subscribe(draw));
    // They may be others' too, and have changed since this was drawn.
    draw();
    return () => leave.forEach((stop) => stop());
  }, [lists]);
}
