import { describe, expect, test } from "vitest";
import { cronJobKind } from "#api/kinds/cron-job";
import { jobKind } from "#api/kinds/job";
import { formatIndexes, indexesProblem, parseIndexes } from "#api/kinds/job-indexes";
import type { CronJobSpec, Job, JobSpec } from "#api/schema/types";
import { cronJob, job } from "#test/support/jobs";

const nowMs = Date.parse("2026-01-01T01:00:00Z");

function refusals(spec: Partial<JobSpec>): string[] {
  return jobKind.validate(job("work", spec)).map(({ field, message }) => `${field}: ${message}`);
}

function cronRefusals(spec: Partial<CronJobSpec>): string[] {
  const found = cronJobKind.validate(cronJob("often", spec));
  return found.map(({ field, message }) => `${field}: ${message}`);
}

function cell(object: Job, name: string): string | number | boolean | undefined {
  return jobKind.columns.find((column) => column.name === name)?.value(object, nowMs);
}

describe("a Job", () => {
  test("gets Kubernetes' defaults and a selector of its own uid", () => {
    const { metadata, spec } = job("work");
    expect(spec).toMatchObject({
      ...{ completions: 1, parallelism: 1, backoffLimit: 6, completionMode: "NonIndexed" },
      ...{ suspend: false, manualSelector: false, podReplacementPolicy: "TerminatingOrFailed" },
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "uid-work" } },
    });
    const labels = {
      ...{ "controller-uid": "uid-work", "batch.kubernetes.io/controller-uid": "uid-work" },
      ...{ "job-name": "work", "batch.kubernetes.io/job-name": "work" },
    };
    expect(spec.template.metadata?.labels).toEqual(labels);
    expect(metadata.labels).toEqual(labels);
  });

  test("without completions but with parallelism is a work queue, and by index has no limit of its own", () => {
    expect(job("work", { parallelism: 3 }).spec.completions).toBeUndefined();
    expect(job("work", { backoffLimitPerIndex: 1 }).spec.backoffLimit).toBe(2 ** 31 - 1);
  });

  test.each<[string, Partial<JobSpec>, string]>([
    [
      "negative counts",
      { parallelism: -1 },
      "spec.parallelism: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      "a selector made by hand",
      { selector: { matchLabels: { app: "x" } } },
      'spec.selector: Invalid value: {"matchLabels":{"app":"x","batch.kubernetes.io/controller-uid":"uid-work"}}: `selector` not auto-generated',
    ],
    [
      "pods that are always restarted",
      { template: { spec: { containers: [{ name: "main", image: "v1" }] } } },
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      "an Indexed Job without completions",
      { completionMode: "Indexed", parallelism: 1 },
      "spec.completions: Required value: when completion mode is Indexed",
    ],
    [
      "a limit per index without indexes",
      { backoffLimitPerIndex: 1 },
      "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
    ],
    [
      "a rule that matches nothing",
      { podFailurePolicy: { rules: [{ action: "FailJob" }] } },
      'spec.podFailurePolicy.rules[0]: Invalid value: {"action":"FailJob"}: specifying one of OnExitCodes and OnPodConditions is required',
    ],
  ])("refuses %s", (_, spec, message) => {
    expect(refusals(spec)).toContain(message);
  });

  test("keeps its template and completions, unless both numbers of an Indexed Job move as one", () => {
    const plain = job("work", { completions: 2, parallelism: 2 });
    const more = job("work", { completions: 3, parallelism: 3 });
    expect(jobKind.validateUpdate(more, plain)).toMatchObject([
      { field: "spec.completions", message: "Invalid value: 3: field is immutable" },
    ]);
    const elastic = { completionMode: "Indexed", completions: 2, parallelism: 2 };
    const grown = job("work", { ...elastic, completions: 3, parallelism: 3 });
    expect(jobKind.validateUpdate(grown, job("work", elastic))).toEqual([]);
    const other = structuredClone(plain);
    other.spec.template.spec.nodeSelector = { disk: "ssd" };
    expect(jobKind.validateUpdate(other, plain)).toMatchObject([{ field: "spec.template" }]);
    const waiting = job("work", { completions: 2, parallelism: 2, suspend: true });
    other.spec.suspend = true;
    expect(jobKind.validateUpdate(other, waiting)).toEqual([]);
  });

  test("shows its state, its progress and how long it took", () => {
    const running = job("work", { completions: 5 });
    running.status = { startTime: "2026-01-01T00:59:00Z", succeeded: 2 };
    expect(["Status", "Completions", "Duration"].map((name) => cell(running, name))).toEqual([
      ...["Running", "2/5", "60s"],
    ]);
    const queue = job("work", { parallelism: 3 });
    expect(cell(queue, "Completions")).toBe("0/1 of 3");
    expect(cell(queue, "Duration")).toBe("");
  });
});

test("sets of indexes are written in ranges and read back", () => {
  expect(formatIndexes([7, 1, 3, 4, 5])).toBe("1,3-5,7");
  expect(formatIndexes([2, 3])).toBe("2,3");
  expect([...parseIndexes("1,3-5,7", 5)]).toEqual([1, 3, 4]);
  expect(indexesProblem("1,3-5", 6)).toBeUndefined();
  expect(indexesProblem("3,1", 6)).toContain("non-increasing order");
});

test.each<[Partial<CronJobSpec>, string]>([
  [{ schedule: "x" }, 'spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]'],
  [{ timeZone: "Mars/X" }, 'spec.timeZone: Invalid value: "Mars/X": unknown time zone Mars/X'],
  [
    { concurrencyPolicy: "Never" },
    'spec.concurrencyPolicy: Unsupported value: "Never": supported values: "Allow", "Forbid", "Replace"',
  ],
  [
    { schedule: "TZ=UTC * * * * *" },
    'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
  ],
])("a CronJob is refused with %o", (spec, message) => {
  expect(cronRefusals(spec)).toEqual([message]);
});

test("a CronJob's name leaves room for the names of its Jobs", () => {
  expect(cronJobKind.nameRule?.("a".repeat(52))).toEqual([]);
  expect(cronJobKind.nameRule?.("a".repeat(53))).toEqual(["must be no more than 52 characters"]);
});
