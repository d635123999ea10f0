import { describe, expect, test } from "vitest";
import { pruneUnknown } from "#api/schema/prune";
import {
  decodingErrorText,
  strictDecodingError,
  validateAgainstSchema,
} from "#api/schema/validate-schema";

const schema = "io.k8s.api.apps.v1.Deployment";
const check = (value: unknown) =>
  validateAgainstSchema(schema, value).map(({ message }) => message);
const inContainer = (container: object) => ({
  spec: { template: { spec: { containers: [container] } } },
});

describe("an object beside its schema", () => {
  test("that fits has no problems", () => {
    const container = {
      name: "a",
      image: null,
      ports: [{ containerPort: 80 }],
      resources: { limits: { cpu: 1, memory: "1Gi" } },
      livenessProbe: { httpGet: { port: "http" } },
    };
    expect(
      check({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "a", creationTimestamp: "2025-01-01T00:00:00Z" },
        ...inContainer(container),
      }),
    ).toEqual([]);
  });

  test("names every unknown field by its path", () => {
    const problems = validateAgainstSchema(schema, {
      foo: 1,
      ...inContainer({ name: "a", imagee: "b" }),
    });
    expect(strictDecodingError(problems)).toBe(
      'strict decoding error: unknown field "foo", unknown field "spec.template.spec.containers[0].imagee"',
    );
    expect(strictDecodingError([], ["spec.replicas"])).toBe(
      'strict decoding error: duplicate field "spec.replicas"',
    );
    expect(strictDecodingError([])).toBeUndefined();
  });

  test.each([
    [
      { spec: { replicas: "3" } },
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      { spec: { replicas: 1.5 } },
      "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      { metadata: { labels: { a: 1 } } },
      "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels.a of type string",
    ],
    [
      { spec: { template: { spec: { containers: {} } } } },
      "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
    ],
    [
      inContainer({ resources: { limits: { cpu: "many" } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      { metadata: { creationTimestamp: "today" } },
      'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
    ],
    [[], "json: cannot unmarshal array into Go value of type v1.Deployment"],
  ])("%j is refused as Kubernetes' decoder does", (value, message) => {
    expect(check(value)).toEqual([message]);
  });

  test("checks base64 of secrets", () => {
    const secret = "io.k8s.api.core.v1.Secret";
    expect(validateAgainstSchema(secret, { data: { a: "aGk=", b: "" } })).toEqual([]);
    expect(validateAgainstSchema(secret, { data: { a: "not base64" } })[0]?.message).toMatch(
      /^illegal base64 data at input byte/,
    );
  });

  test("of hostile depth or breadth stays bounded", () => {
    const crd = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps";
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 20_000; depth++) deep = { not: deep };
    expect(validateAgainstSchema(crd, deep)[0]?.message).toBe("exceeded max depth");
    const broad = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`x${String(i)}`, 1]));
    expect(check(broad)).toHaveLength(100);
  });

  test("gives the whole sentence of a refusal", () => {
    expect(decodingErrorText("Pod", "v1", "it is odd")).toBe(
      'Pod in version "v1" cannot be handled as a Pod: it is odd',
    );
  });
});

describe("pruning", () => {
  test("drops unknown fields and nulls and writes quantities canonically", () => {
    const draft = {
      foo: 1,
      metadata: { annotations: { keep: "me" }, labels: null },
      ...inContainer({
        name: "a",
        image: null,
        nope: 1,
        resources: { limits: { cpu: 2, memory: "1024Mi" } },
      }),
    };
    const pruned = {
      metadata: { annotations: { keep: "me" } },
      ...inContainer({ name: "a", resources: { limits: { cpu: "2", memory: "1Gi" } } }),
    };
    expect(pruneUnknown(schema, draft)).toEqual(pruned);
    expect(pruneUnknown(schema, structuredClone(pruned))).toEqual(pruned);
  });

  test("leaves free-form values alone", () => {
    const revision = { data: { any: null, thing: [1] }, revision: 1 };
    expect(
      pruneUnknown("io.k8s.api.apps.v1.ControllerRevision", structuredClone(revision)),
    ).toEqual(revision);
  });
});
