import { array, assert, constantFrom, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import {
  FairQueue,
  type LevelLimits,
  type QueuedFlow,
} from "#control-plane/apiserver/flow-control/fair-queue";
import { Rates } from "#control-plane/apiserver/flow-control/rates";

const limits: LevelLimits = { seats: 4, seatsPerFlow: 2, waitingPerFlow: 3, waiting: 8 };

/** Runs what it is given until told to end it, and remembers who was started in which order. */
class Runs {
  readonly started: string[] = [];
  readonly running: QueuedFlow[] = [];
  readonly queue: FairQueue;

  constructor(queue: FairQueue) {
    this.queue = queue;
  }

  ask(name: string): "runs" | "waits" | "refused" {
    const flow = this.queue.flow(name);
    const start = (): void => {
      this.started.push(name);
      this.running.push(flow);
    };
    if (this.queue.tryEnter(flow)) {
      start();
      return "runs";
    }
    return this.queue.tryWait(flow, { start }) ? "waits" : "refused";
  }

  end(): void {
    const flow = this.running.shift();
    if (flow) this.queue.leave(flow);
  }
}

describe("seats", () => {
  test("who asks while a flood waits is next, after one request of the flood", () => {
    const runs = new Runs(
      new FairQueue({ ...limits, seats: 2, waiting: 100, waitingPerFlow: 100 }),
    );
    for (let index = 0; index < 100; index++) runs.ask("flood");
    expect(runs.ask("calm")).toBe("waits");
    runs.started.length = 0;
    for (let index = 0; index < 4; index++) runs.end();
    expect(runs.started.indexOf("calm")).toBeLessThanOrEqual(1);
  });

  test("a flow alone leaves seats for others, who need not wait at all", () => {
    const runs = new Runs(new FairQueue(limits));
    expect(["flood", "flood", "flood"].map((name) => runs.ask(name))).toEqual([
      "runs",
      "runs",
      "waits",
    ]);
    expect(runs.ask("calm")).toBe("runs");
  });

  test("what is over the limit is refused, by flow and in all", () => {
    const runs = new Runs(new FairQueue(limits));
    const answers = Array.from({ length: 6 }, () => runs.ask("a"));
    expect(answers.at(-1)).toBe("refused");
    expect(Array.from({ length: 6 }, () => runs.ask("b")).at(-1)).toBe("refused");
    expect(["c", "c", "c"].map((name) => runs.ask(name))).toEqual(["waits", "waits", "refused"]);
  });

  test("keep their limits, waste nothing and forget who is done, whatever happens", () => {
    const step = record({
      does: constantFrom("ask", "ask", "end"),
      who: constantFrom("a", "b", "c"),
    });
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const queue = new FairQueue(limits);
        const runs = new Runs(queue);
        for (const { does, who } of steps) {
          if (does === "ask") runs.ask(who);
          else runs.end();
          expect(queue.running).toBe(runs.running.length);
          expect(queue.running).toBeLessThanOrEqual(limits.seats);
          for (const name of ["a", "b", "c"]) {
            const own = runs.running.filter((flow) => flow.name === name).length;
            expect(own).toBeLessThanOrEqual(limits.seatsPerFlow);
            const waits = queue.flow(name).waiting.size > 0;
            const couldRun = own < limits.seatsPerFlow && queue.running < limits.seats;
            expect(waits && couldRun).toBe(false);
          }
        }
        while (runs.running.length > 0) runs.end();
        expect([queue.running, queue.waiting]).toEqual([0, 0]);
      }),
    );
  });
});

describe("a rate", () => {
  test("lets a burst through, then as many as it says, and tells when to come again", () => {
    const rates = new Rates();
    const taken = Array.from({ length: 12 }, () => rates.take("a", 5, 1_000));
    expect(taken).toEqual([...Array<number>(10).fill(0), 1, 1]);
    expect(rates.take("b", 5, 1_000)).toBe(0);
    expect(Array.from({ length: 6 }, () => rates.take("a", 5, 2_000))).toEqual([0, 0, 0, 0, 0, 1]);
  });
});
