import { expect, test } from "vitest";
import { createWorkqueue } from "#client/workqueue";
import { createControllerMetrics } from "#control-plane/controllers/metrics";
import { ManualClock } from "#test/support/manual-clock";

test("a queue that is counted behaves as the queue itself", async () => {
  const metrics = createControllerMetrics();
  const queue = metrics.counted("deployment", createWorkqueue({ clock: new ManualClock() }));
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
