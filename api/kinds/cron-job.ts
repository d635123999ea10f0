import { setCronJobDefaults, validateCronJob } from "#api/kinds/cron-job-rules";
import { templateColumns } from "#api/kinds/workload-columns";
import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { isDns1123Subdomain } from "#api/machinery/names";
import { ageColumn, ageOf } from "#api/machinery/table";
import type { CronJob } from "#api/schema/types";

/** A Job's name is this name, a dash and ten digits, and has 63 characters at most. */
const MAX_NAME_LENGTH = 52;

const columns: readonly TableColumn<CronJob>[] = [
  {
    name: "Schedule",
    type: "string",
    priority: 0,
    description: "When it runs, in cron format.",
    value: ({ spec }) => spec.schedule ?? "",
  },
  {
    name: "Timezone",
    type: "string",
    priority: 0,
    description: "The time zone of the schedule.",
    value: ({ spec }) => spec.timeZone ?? "<none>",
  },
  {
    name: "Suspend",
    type: "string",
    priority: 0,
    description: "Whether it is held back.",
    value: ({ spec }) => (spec.suspend ? "True" : "False"),
  },
  {
    name: "Active",
    type: "integer",
    priority: 0,
    description: "Its jobs that are at work.",
    value: ({ status }) => status?.active?.length ?? 0,
  },
  {
    name: "Last Schedule",
    type: "string",
    priority: 0,
    description: "The time since it last ran.",
    value: ({ status }, nowMs) =>
      status?.lastScheduleTime ? ageOf(status.lastScheduleTime, nowMs) : "<none>",
  },
  ageColumn,
  ...templateColumns.map((column) => ({
    ...column,
    value: (cronJob: CronJob, nowMs: number) => {
      const spec = cronJob.spec.jobTemplate?.spec;
      const { selector = {}, template } = spec ?? {};
      return column.value({ ...cronJob, spec: { selector, template } }, nowMs);
    },
  })),
];

export const cronJobKind = defineKind<CronJob>({
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  shortNames: ["cj"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.batch.v1.CronJob",
  subresources: ["status"],
  hasGeneration: true,
  nameRule: (name) => [
    ...isDns1123Subdomain(name),
    ...(name.length > MAX_NAME_LENGTH
      ? [`must be no more than ${MAX_NAME_LENGTH} characters`]
      : []),
  ],
  columns,
  setDefaults: setCronJobDefaults,
  validate: validateCronJob,
});
