import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addTo,
  type Amounts,
  dominantShare,
  entitlement,
  noAmounts,
  serviceTag,
} from "#control-plane/scheduler/fair-share/shares";

interface Demand {
  readonly weight: number;
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

interface Served extends Demand {
  readonly used: Amounts;
  placed: number;
}

const capacity: Amounts = { ...noAmounts(), cpuMillis: 1_000, memoryBytes: 1_000 };

/** One pool of room: all pods are tagged as they come, and served by tag until nothing more fits. */
function serve(demands: readonly Demand[]): Served[] {
  const tenants = demands.map((demand) => ({ ...demand, used: noAmounts(), placed: 0 }));
  const queue = tenants.flatMap((tenant) => {
    const podShare = shareOf(tenant);
    return Array.from({ length: tenant.pods }, (_, i) => ({
      tenant,
      tag: serviceTag({ name: "", weight: tenant.weight, share: 0 }, i * podShare, podShare),
    }));
  });
  queue.sort((a, b) => a.tag - b.tag);
  const all = noAmounts();
  for (const { tenant } of queue) {
    const pod = amountsOf(tenant);
    if (all.cpuMillis + pod.cpuMillis > capacity.cpuMillis) continue;
    if (all.memoryBytes + pod.memoryBytes > capacity.memoryBytes) continue;
    addTo(all, pod);
    addTo(tenant.used, pod);
    tenant.placed++;
  }
  return tenants;
}

function amountsOf({ cpu, memory }: Demand): Amounts {
  return { ...noAmounts(), cpuMillis: cpu, memoryBytes: memory };
}

function shareOf(demand: Demand): number {
  return dominantShare(amountsOf(demand), capacity);
}

const demand = fc.record({
  weight: fc.integer({ min: 1, max: 5 }),
  cpu: fc.integer({ min: 1, max: 20 }),
  memory: fc.integer({ min: 1, max: 20 }),
  pods: fc.integer({ min: 0, max: 1_500 }),
});

describe("dominant resource fairness", () => {
  test("every tenant gets its part, or all that it asks for, to within a pod or two", () => {
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 5 }), (demands) => {
        const tenants = serve(demands);
        const all = tenants.map(({ weight, used }, i) => ({
          name: String(i),
          weight,
          share: dominantShare(used, capacity),
        }));
        // What one tenant's last pod may put it ahead of another.
        const step = Math.max(...tenants.map((one) => shareOf(one) / one.weight));
        for (const [i, tenant] of tenants.entries()) {
          const own = all[i];
          if (!own) continue;
          const wanted = Math.min(entitlement(own, all), tenant.pods * shareOf(tenant));
          const grain = 2 * step * tenant.weight + shareOf(tenant);
          expect(own.share).toBeGreaterThanOrEqual(wanted - grain);
        }
      }),
    );
  });

  test("nobody starves: who asks for one pod gets it, however much others ask for", () => {
    fc.assert(
      fc.property(fc.array(demand, { minLength: 1, maxLength: 4 }), (others) => {
        const modest = { weight: 1, cpu: 10, memory: 10, pods: 1 };
        expect(serve([...others, modest]).at(-1)?.placed).toBe(1);
      }),
    );
  });

  test("what others do not use may be borrowed", () => {
    const [busy] = serve([
      { weight: 1, cpu: 10, memory: 1, pods: 1_000 },
      { weight: 9, cpu: 10, memory: 1, pods: 5 },
    ]);
    expect(busy?.placed).toBe(95);
  });

  test("the example of the paper: 9 CPUs and 18 GB give three small-CPU and two large-CPU tasks", () => {
    const pool: Amounts = { ...noAmounts(), cpuMillis: 9_000, memoryBytes: 18 };
    const share = (cpuMillis: number, memoryBytes: number): number =>
      dominantShare({ ...noAmounts(), cpuMillis, memoryBytes }, pool);
    expect(3 * share(1_000, 4)).toBeCloseTo(2 / 3);
    expect(2 * share(3_000, 1)).toBeCloseTo(2 / 3);
  });

  test("a resource of which there is none counts for nobody", () => {
    const gpu = { ...noAmounts(), extended: { "example.com/gpu": 4 } };
    expect(dominantShare(gpu, capacity)).toBe(0);
  });
});
