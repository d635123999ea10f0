import { describe, expect, test } from "vitest";
import type { KubeObject } from "#api/machinery/meta";
import type { InformerChange } from "#client/informer";
import { rememberSightings } from "#control-plane/controllers/sightings";

function lease(name: string, resourceVersion: string): KubeObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace: "kube-node-lease", name, resourceVersion },
  };
}

/** Renewals that a process hears while another one leads. */
function listening() {
  let nowMs = 1_000_000;
  let tell: (change: InformerChange<KubeObject>) => void = () => undefined;
  const informer = { onChange: (handler: typeof tell) => void (tell = handler) };
  const sightings = rememberSightings(informer, () => nowMs);
  return {
    sightings,
    pass: (ms: number) => void (nowMs += ms),
    hear: (current: KubeObject) => tell({ previous: undefined, current }),
  };
}

describe("what was seen before a term", () => {
  test("says how long a lease has been still while others were renewed", () => {
    const { sightings, pass, hear } = listening();
    hear(lease("lost", "1"));
    pass(12_000);
    hear(lease("alive", "2"));
    expect(sightings.silentMs(lease("lost", "1"))).toBe(12_000);
    expect(sightings.silentMs(lease("alive", "2"))).toBe(0);
  });

  test("does not count the time in which nobody could be heard", () => {
    const { sightings, pass, hear } = listening();
    hear(lease("one", "1"));
    pass(500);
    hear(lease("two", "2"));
    pass(60_000);
    expect(sightings.silentMs(lease("one", "1"))).toBe(500);
  });

  test("says nothing of what has been renewed since, or was never seen", () => {
    const { sightings, pass, hear } = listening();
    hear(lease("one", "1"));
    pass(60_000);
    hear(lease("two", "2"));
    expect(sightings.silentMs(lease("one", "3"))).toBeUndefined();
    expect(sightings.silentMs(lease("three", "4"))).toBeUndefined();
  });
});
