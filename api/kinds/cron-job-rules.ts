import { isTimeZone, parseSchedule } from "#api/kinds/cron-schedule";
import { defaultJobSpec } from "#api/kinds/job-defaults";
import { validateJobSpec } from "#api/kinds/job-validation";
import { nonNegative, oneOf } from "#api/kinds/rules/values";
import { invalid, notSupported, required } from "#api/machinery/field-path";
import { validateAnnotations, validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import type { CronJob, CronJobSpec, JobTemplateSpec } from "#api/schema/types";

/** Mutates the draft. */
export function setCronJobDefaults(draft: CronJob): void {
  draft.spec ??= {
    schedule: "",
    jobTemplate: { spec: { template: { spec: { containers: [] } } } },
  };
  const { spec } = draft;
  spec.concurrencyPolicy ||= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  if (spec.jobTemplate?.spec) defaultJobSpec(spec.jobTemplate.spec);
  draft.status ??= {};
}

export function validateCronJob({ spec }: CronJob): FieldError[] {
  const limits = [
    "startingDeadlineSeconds",
    "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit",
  ] as const;
  return [
    ...validateTimeZone(spec.timeZone),
    ...validateSchedule(spec),
    ...limits.flatMap((name) => nonNegative(`spec.${name}`, spec[name])),
    ...oneOf("spec.concurrencyPolicy", spec.concurrencyPolicy, ["Allow", "Forbid", "Replace"]),
    ...validateJobTemplate(spec.jobTemplate, "spec.jobTemplate"),
  ];
}

function validateTimeZone(timeZone: string | undefined): FieldError[] {
  const field = "spec.timeZone";
  if (timeZone === undefined) return [];
  if (timeZone === "") return [invalid(field, "", "timeZone must be nil or non-empty string")];
  if (timeZone.toLowerCase() === "local") {
    const detail =
      "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
    return [invalid(field, timeZone, detail)];
  }
  return isTimeZone(timeZone) ? [] : [invalid(field, timeZone, `unknown time zone ${timeZone}`)];
}

function validateSchedule({ schedule }: CronJobSpec): FieldError[] {
  const field = "spec.schedule";
  if (!schedule) return [required(field)];
  if (schedule.includes("TZ")) {
    const detail = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
    return [invalid(field, schedule, detail)];
  }
  try {
    parseSchedule(schedule);
    return [];
  } catch (error) {
    return [invalid(field, schedule, error instanceof Error ? error.message : String(error))];
  }
}

/** Each Job generates a selector of its own. */
function validateJobTemplate(template: JobTemplateSpec | undefined, path: string): FieldError[] {
  if (!template?.spec) return [required(`${path}.spec`)];
  const { metadata, spec } = template;
  const { selector, manualSelector } = spec;
  return [
    ...validateLabels(metadata?.labels, `${path}.metadata.labels`),
    ...validateAnnotations(metadata?.annotations, `${path}.metadata.annotations`),
    ...validateJobSpec(spec, `${path}.spec`),
    ...(selector
      ? [invalid(`${path}.spec.selector`, selector, "`selector` will be auto-generated")]
      : []),
    ...(manualSelector
      ? [notSupported(`${path}.spec.manualSelector`, manualSelector, ["nil", "false"])]
      : []),
  ];
}
