import { expect, test } from "vitest";
import type { Event } from "#api/schema/types";
import { createEventRecorder } from "#node-agent/events/recorder";
import { testPod } from "#test/support/pods";
import { createVirtualClock } from "#test/support/virtual-clock";

function open() {
  const clock = createVirtualClock();
  const events: Event[] = [];
  const send = (event: Event) => void events.push(event);
  return { clock, events, recorder: createEventRecorder({ clock, nodeName: "node-1", send }) };
}

const started = { type: "Normal", reason: "Started", message: "Started container web" } as const;

test("an event names the pod, the container and the node", () => {
  const { events, recorder } = open();
  recorder.pod(testPod(), { ...started, container: "web" });
  expect(events[0]).toMatchObject({
    involvedObject: { kind: "Pod", name: "web-1", uid: "uid-1", fieldPath: "spec.containers{web}" },
    reason: "Started",
    type: "Normal",
    source: { component: "kubelet", host: "node-1" },
    firstTimestamp: "2026-01-01T00:00:00Z",
  });
});

test("a pod that has much to say is cut short, and heard again later; others are not affected", async () => {
  const { clock, events, recorder } = open();
  for (let count = 0; count < 100; count++) recorder.pod(testPod(), started);
  expect(events).toHaveLength(25);
  recorder.pod(testPod({}, { uid: "uid-2" }), started);
  expect(events).toHaveLength(26);
  await clock.advance(30_000);
  recorder.pod(testPod(), started);
  expect(events).toHaveLength(27);
});
