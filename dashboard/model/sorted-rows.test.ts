import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SortedRows } from "#dashboard/model/sorted-rows";

interface Row {
  readonly name: string;
  readonly size: number;
}

const bySize = (a: Row, b: Row): number => a.size - b.size;
const row = fc.record({ name: fc.string({ maxLength: 3 }), size: fc.nat(5) });

describe("sorted rows", () => {
  test("are those of a stable sort, whatever came, went and changed since", () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 30 }),
        fc.array(fc.tuple(fc.nat(40), fc.option(row)), { maxLength: 30 }),
        (first, changes) => {
          const following = new SortedRows(bySize);
          let rows: readonly Row[] = first;
          expect(following.update(rows)).toEqual([...rows].sort(bySize));
          for (const [at, next] of changes) {
            const rest = rows.filter((_, i) => i !== at);
            rows = next ? [...rest.slice(0, at), { ...next }, ...rest.slice(at)] : rest;
            expect(following.update(rows)).toEqual([...rows].sort(bySize));
          }
        },
      ),
    );
  });

  test("compare only what changed", () => {
    let compared = 0;
    const rows = Array.from({ length: 1_000 }, (_, size) => ({ name: "pod", size }));
    const following = new SortedRows<Row>((a, b) => {
      compared++;
      return bySize(a, b);
    });
    following.update(rows);
    compared = 0;
    following.update(rows.map((one, at) => (at === 500 ? { ...one, size: 3 } : one)));
    expect(compared).toBeLessThan(20);
  });
});
