import type { Kind } from "#api/machinery/define-kind";
import { METRIC_NAME } from "#control-plane/metrics/promql";
import type { Labels, Prometheus } from "#control-plane/metrics/prometheus";
import type { MetricRule, MetricRules } from "#control-plane/metrics/rules";
import { kinds } from "#api/kinds/index";

/** Which metrics there are. Owns the list of them; it is asked for when somebody wants it, and kept for a while. */
export interface MetricEntry {
  /** Of the metric, which a rule may have made of the series' name. */
  readonly name: string;
  readonly series: string;
  readonly rule: MetricRule;
  /** Whose metric it is, and the label that names it. Empty for external metrics. */
  readonly resources: ReadonlyMap<Kind, string>;
}

export interface MetricList {
  readonly custom: readonly MetricEntry[];
  readonly external: readonly MetricEntry[];
}

/** So old may a list be. */
const KEPT_MS = 60_000;
/** Whoever misses a metric may have the list made anew, but not more often than this. */
const MISSED_MS = 5_000;
/** Of one list: more is no use to anybody who must choose one of them. */
const MAX_ENTRIES = 10_000;

export class MetricCatalog {
  private readonly prometheus: Prometheus;
  private readonly rules: MetricRules;
  private readonly nowMs: () => number;
  private kept: { readonly list: MetricList; readonly atMs: number } | undefined;
  private asking: Promise<MetricList> | undefined;

  constructor(prometheus: Prometheus, rules: MetricRules, nowMs: () => number) {
    this.prometheus = prometheus;
    this.rules = rules;
    this.nowMs = nowMs;
  }

  list(): Promise<MetricList> {
    return this.notOlderThan(KEPT_MS);
  }

  /** undefined: there is none, not even in a fresh list. */
  async find(
    choose: (list: MetricList) => MetricEntry | undefined,
  ): Promise<MetricEntry | undefined> {
    return choose(await this.list()) ?? choose(await this.notOlderThan(MISSED_MS));
  }

  private async notOlderThan(ageMs: number): Promise<MetricList> {
    if (this.kept && this.nowMs() - this.kept.atMs < ageMs) return this.kept.list;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<MetricList> {
    const answers = new Map<string, Promise<readonly Labels[]>>();
    const entriesOf = async (rules: readonly MetricRule[]): Promise<MetricEntry[]> => {
      const found = await Promise.all(
        rules.map(async (rule) => {
          const { seriesQuery } = rule;
          const answer = answers.get(seriesQuery) ?? this.prometheus.series(seriesQuery);
          answers.set(seriesQuery, answer);
          return entriesOfRule(rule, await answer);
        }),
      );
      return found.flat().slice(0, MAX_ENTRIES);
    };
    const [custom, external] = await Promise.all([
      entriesOf(this.rules.custom),
      entriesOf(this.rules.external),
    ]);
    const list: MetricList = {
      custom: custom.filter(({ resources }) => resources.size > 0),
      external,
    };
    this.kept = { list, atMs: this.nowMs() };
    return list;
  }
}

function entriesOfRule(rule: MetricRule, found: readonly Labels[]): MetricEntry[] {
  const labelsBySeries = new Map<string, Set<string>>();
  for (const labels of found) {
    const series = labels.__name__ ?? "";
    if (!METRIC_NAME.test(series) || !isWanted(rule, series)) continue;
    const known = labelsBySeries.get(series) ?? new Set();
    for (const label of Object.keys(labels)) known.add(label);
    labelsBySeries.set(series, known);
  }
  return [...labelsBySeries].flatMap(([series, labels]) => {
    const name = rule.nameOf(series);
    // A path of the API names it.
    if (name === "" || name.includes("/")) return [];
    const resources = new Map<Kind, string>();
    for (const kind of kinds) {
      const label = rule.labelOf(kind);
      if (label !== undefined && labels.has(label)) resources.set(kind, label);
    }
    return [{ name, series, rule, resources }];
  });
}

function isWanted({ filters }: MetricRule, series: string): boolean {
  return filters.every(({ pattern, isWanted: wanted }) => pattern.test(series) === wanted);
}
