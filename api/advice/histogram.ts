/**
 * How often a container used how much, with older samples counting less: buckets that grow by 5 %, and weights that
 * halve every 24 hours, as the Vertical Pod Autoscaler's recommender has them. A value: adding gives a new one.
 * Invariant: it has at most MAX_BUCKETS buckets, whatever is added.
 */
export interface Histogram {
  /** By the number of the bucket. */
  readonly weights: Readonly<Record<number, number>>;
  readonly total: number;
  /** Weights are told as of this time. */
  readonly referenceMs: number;
  readonly samples: number;
  readonly firstMs: number;
}

const GROWTH = 1.05;
/** The first bucket ends here: thousandths of a core, or MiB. */
const FIRST = 1;
const MAX_BUCKETS = 400;
const HALF_LIFE_MS = 24 * 3_600_000;

export function emptyHistogram(nowMs: number): Histogram {
  return { weights: {}, total: 0, referenceMs: nowMs, samples: 0, firstMs: nowMs };
}

export function withSample(histogram: Histogram, amount: number, nowMs: number): Histogram {
  const { weights, total, referenceMs, samples, firstMs } = histogram;
  const weight = 2 ** ((nowMs - referenceMs) / HALF_LIFE_MS);
  const bucket = bucketOf(amount);
  const added = {
    weights: { ...weights, [bucket]: (weights[bucket] ?? 0) + weight },
    ...{ total: total + weight, referenceMs, samples: samples + 1, firstMs },
  };
  // After some days the weights would grow beyond all numbers: they are told as of now again.
  return weight > 1024 ? rebased(added, weight, nowMs) : added;
}

function rebased(histogram: Histogram, by: number, nowMs: number): Histogram {
  const entries = Object.entries(histogram.weights).map(([bucket, weight]) => [
    bucket,
    weight / by,
  ]);
  return {
    ...histogram,
    weights: Object.fromEntries(entries) as Record<number, number>,
    ...{ total: histogram.total / by, referenceMs: nowMs },
  };
}

/** The amount that was not exceeded in this part (0 to 1) of the time; the end of its bucket. 0 without samples. */
export function percentile({ weights, total }: Histogram, part: number): number {
  let sum = 0;
  let last = 0;
  const buckets = Object.entries(weights).sort(([a], [b]) => Number(a) - Number(b));
  for (const [bucket, weight] of buckets) {
    sum += weight;
    last = endOf(Number(bucket));
    if (sum >= part * total * (1 - 1e-9)) return last;
  }
  return last;
}

function bucketOf(amount: number): number {
  if (!(amount > FIRST)) return 0;
  return Math.min(MAX_BUCKETS - 1, Math.ceil(Math.log(amount / FIRST) / Math.log(GROWTH) - 1e-9));
}

function endOf(bucket: number): number {
  return FIRST * GROWTH ** bucket;
}
