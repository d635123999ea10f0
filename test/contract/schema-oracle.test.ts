/**
 * Every generated property beside Kubernetes' published OpenAPI document, which is not part of the
 * repository: KAJI_ORACLE names the file, or it lies in ../shared/oracle.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { SchemaDefinition, SchemaProperty } from "#api/schema/definition-types";
import { publishedDefinitions } from "#api/schema/definitions";

const beside = new URL("../../../shared/oracle/swagger-v1.35.0.json.gz", import.meta.url);
const path = process.env.KAJI_ORACLE ?? fileURLToPath(beside);
const oracle = readOracle();

/** In the oracle's release and not in ours. */
const newerProperties = [
  "core.v1.NodeStatus.declaredFeatures",
  "core.v1.PodCertificateProjection.userAnnotations",
  "core.v1.PodSpec.schedulingGroup",
  "core.v1.PodStatus.allocatedResources",
  "core.v1.PodStatus.nodeAllocatableResourceClaimStatuses",
  "core.v1.PodStatus.resources",
  "core.v1.ResourceHealth.message",
  "core.v1.VolumeMountStatus.volumeStatus",
  "apiextensions.v1.CustomResourceDefinitionCondition.observedGeneration",
  "apiextensions.v1.CustomResourceDefinitionStatus.observedGeneration",
  "meta.v1.ListMeta.shardInfo",
];

/** Required by the oracle's release and not by ours. */
const newlyRequired = [
  "authentication.v1.TokenReviewSpec.token",
  "autoscaling.v1.HorizontalPodAutoscaler.spec",
  "autoscaling.v2.HorizontalPodAutoscaler.spec",
  "batch.v1.CronJob.spec",
];

/** The oracle lists it once for every API group. */
const manyKinds = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

describe("the generated schema agrees with Kubernetes' own", () => {
  test.for(Object.entries(publishedDefinitions))("%s", ([name, definition], context) => {
    if (!oracle) return context.skip(`${path} is not there`);
    const theirs = oracle[name];
    expect(theirs, "the definition's name").toBeDefined();
    compare(name, definition, theirs ?? {});
  });
});

function compare(name: string, ours: SchemaDefinition, theirs: SchemaDefinition): void {
  const short = name.split(".").slice(-3).join(".");
  const isOurs = (property: string): boolean => !newerProperties.includes(`${short}.${property}`);
  const properties = Object.entries(theirs.properties ?? {}).filter(([property]) =>
    isOurs(property),
  );
  expect(shapes(Object.entries(ours.properties ?? {}))).toEqual(shapes(properties));
  const required = (theirs.required ?? []).filter(
    (property) => !newlyRequired.includes(`${short}.${property}`),
  );
  expect([...(ours.required ?? [])].sort()).toEqual([...required].sort());
  expect(ours["x-kubernetes-map-type"]).toEqual(theirs["x-kubernetes-map-type"]);
  if (name === manyKinds) return;
  const kinds = "x-kubernetes-group-version-kind";
  expect(ours[kinds]).toEqual(theirs[kinds]);
}

function shapes(properties: readonly (readonly [string, SchemaProperty])[]): object {
  return Object.fromEntries(properties.map(([name, property]) => [name, shape(property)]));
}

/** All that decides meaning: no descriptions and no defaults. */
function shape(property: SchemaProperty): object {
  const entries = Object.entries(property)
    .filter(([key]) => key !== "description" && key !== "default")
    .map(([key, value]) => {
      const isSchema = key === "items" || key === "additionalProperties";
      return [key, isSchema ? shape(value as SchemaProperty) : value] as const;
    });
  return Object.fromEntries(entries);
}

function readOracle(): Readonly<Record<string, SchemaDefinition>> | undefined {
  if (!existsSync(path)) {
    console.warn(`skipped: the schema beside Kubernetes' own, because ${path} is not there`);
    return undefined;
  }
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  const document = JSON.parse(text) as { definitions: Record<string, SchemaDefinition> };
  return document.definitions;
}
