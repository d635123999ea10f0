import { expect, test } from "vitest";
import { createWorkqueue } from "#client/workqueue";
import { createControllerMetrics } from "#control-plane/controllers/metrics";
import { ManualClock } from "#test/support/manual-clock";

test("a queue that is counted behaves as the queue itself", async () => {
  const metrics = createControllerMetrics();
  const clock = new ManualClock();
  const queue = metrics.counted("deployment", (onAdd) => createWorkqueue({ clock, onAdd }));
  queue.add("a");
  queue.add("b");
  queue.add("a");
  expect(queue.length).toBe(2);
  expect(await queue.get()).toBe("a");
  queue.add("a");
  expect(queue.length).toBe(1);
  queue.done("a");
  expect([await queue.get(), await queue.get()]).toEqual(["b", "a"]);
  queue.addRateLimited("b");
  expect(queue.requeues("b")).toBe(1);
  queue.shutDown();
  expect(await queue.get()).toBeUndefined();
  const text = await metrics.registry.metrics();
  expect(text).toContain('workqueue_adds_total{name="deployment"} 4\n');
  expect(text).toContain('workqueue_retries_total{name="deployment"} 1\n');
  expect(text).toContain('workqueue_depth{name="deployment"} 0\n');
  expect(text).toContain('workqueue_queue_duration_seconds_count{name="deployment"} 3\n');
});

test("a key that is added after a delay counts when it is added, and waits from then on", async () => {
  const metrics = createControllerMetrics();
  const clock = new ManualClock();
  const queue = metrics.counted("job", (onAdd) => createWorkqueue({ clock, onAdd }));
  const counts = async (): Promise<(string | undefined)[]> => {
    const text = await metrics.registry.metrics();
    const names = ["workqueue_adds_total", "workqueue_queue_duration_seconds_count"];
    return names.map((name) => numberIn(text, name));
  };
  const numberIn = (text: string, name: string): string | undefined =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${name}{name="job"} `))
      ?.split(" ")[1];
  queue.addAfter("a", 1_000);
  queue.addRateLimited("b");
  expect(await counts()).toEqual([undefined, undefined]);
  clock.advance(1_000);
  expect([await queue.get(), await queue.get()]).toEqual(["b", "a"]);
  expect(await counts()).toEqual(["2", "2"]);
});
