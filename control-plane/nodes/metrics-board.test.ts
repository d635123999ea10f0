import { expect, test } from "vitest";
import { MetricsBoard } from "#control-plane/nodes/metrics-board";
import { ManualClock } from "#test/support/manual-clock";

function rig() {
  const clock = new ManualClock();
  const asked: number[] = [];
  const board = new MetricsBoard(clock, (forMs) => asked.push(forMs));
  const node = { metadata: { name: "n1" } };
  /** What an agent answers. */
  const put = (): void => board.put("n1", { node, pods: [] });
  return { clock, asked, board, node, put };
}

test("servers that ask about the same time are answered with one measurement", async () => {
  const { clock, asked, board, node, put } = rig();
  const first = board.once();
  put();
  clock.advance(1_500);
  expect((await first).nodes).toEqual([node]);
  clock.advance(10_000);
  expect(board.once()).toBe(first);
  expect(asked).toEqual([0]);
  clock.advance(30_000);
  void board.once();
  expect(asked).toEqual([0, 0]);
});

test("agents are asked again after the clock was set back", () => {
  const { clock, asked, board, put } = rig();
  board.nodes();
  put();
  expect(board.nodes()).toHaveLength(1);
  clock.jump(-3_600_000);
  expect(board.nodes()).toEqual([]);
  expect(asked).toEqual([60_000, 60_000]);
  void board.once();
  clock.jump(-3_600_000);
  void board.once();
  expect(asked).toEqual([60_000, 60_000, 0, 0]);
  put();
  expect(board.nodes()).toHaveLength(1);
});
