import type { SchemaDefinition } from "#api/schema/definition-types";
import { requestAutoscalerSchema } from "#api/schema/own/request-autoscaler";
import { tenantSchema } from "#api/schema/own/tenant";
import { tenantPlanSchema } from "#api/schema/own/tenant-plan";
import { trafficReportSchema } from "#api/schema/own/traffic-report";

/** The kinds of our own group, kaji.dev. Adding one: a file beside this one, and its line here. */
const own = [requestAutoscalerSchema, trafficReportSchema, tenantSchema, tenantPlanSchema];

export const ownDefinitions: Readonly<Record<string, SchemaDefinition>> = Object.assign(
  {},
  ...own.map(({ definitions }) => definitions),
) as Record<string, SchemaDefinition>;
