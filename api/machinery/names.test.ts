import { describe, expect, test } from "vitest";
import * as field from "#api/machinery/field-path";
import {
  isConfigMapKey,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isEnvVarName,
  isLabelValue,
  isPortName,
  isQualifiedName,
  isWildcardDns1123Subdomain,
} from "#api/machinery/names";
import { validateObjectMeta, validateObjectMetaUpdate } from "#api/machinery/object-meta";

const lines = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map((error) => `${error.field}: ${error.message}`);

describe("names", () => {
  test("that are right have no messages", () => {
    expect([
      ...isDns1123Label("a-1"),
      ...isDns1123Subdomain("a.b-c.d"),
      ...isDns1035Label("a1"),
      ...isQualifiedName("example.com/My.Name"),
      ...isLabelValue(""),
      ...isPortName("http-1"),
      ...isConfigMapKey("a.B_c-1"),
      ...isEnvVarName("1 odd-name"),
      ...isWildcardDns1123Subdomain("*.example.com"),
    ]).toEqual([]);
  });

  test("that are wrong have Kubernetes' messages", () => {
    expect(isDns1123Label("A")).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(isDns1123Label("a".repeat(64))).toEqual(["must be no more than 63 characters"]);
    expect(isQualifiedName("/a")).toEqual(["prefix part must be non-empty"]);
    expect(isPortName("no--pe-")).toEqual([
      "must not contain consecutive hyphens",
      "must not begin or end with a hyphen",
    ]);
    expect(isConfigMapKey("..")).toEqual(["must not be '..'"]);
    expect(isEnvVarName("a=b")).toHaveLength(1);
  });

  test("of a megabyte are judged at once", () => {
    const long = `${"a.".repeat(500_000)}!`;
    expect(isDns1123Subdomain(long).length).toBe(2);
    expect(isQualifiedName("a".repeat(1_000_000)).length).toBe(1);
  });
});

describe("object metadata", () => {
  test("without a name says so", () => {
    expect(lines(validateObjectMeta({ name: "" }, true))).toEqual([
      "metadata.name: Required value: name or generateName is required",
      "metadata.namespace: Required value",
    ]);
  });

  test("names each bad label, annotation, finalizer and owner", () => {
    const meta = {
      name: "a",
      labels: { "a b": "c" },
      annotations: { big: "x".repeat(262_144) },
      finalizers: ["a/b/c"],
      ownerReferences: [{ apiVersion: "", kind: "Pod", name: "p", uid: "" }],
    };
    const found = lines(validateObjectMeta(meta, false));
    expect(found).toHaveLength(5);
    expect(found[0]).toMatch(/^metadata.labels: Invalid value: "a b": name part must consist/);
    expect(found[1]).toBe("metadata.annotations: Too long: may not be more than 262144 bytes");
  });

  test("keeps name and uid through updates", () => {
    const previous = { name: "a", uid: "1" };
    expect(lines(validateObjectMetaUpdate({ name: "a", uid: "2" }, previous))).toEqual([
      'metadata.uid: Invalid value: "2": field is immutable',
    ]);
  });
});

describe("field errors", () => {
  test("have Kubernetes' texts", () => {
    expect(
      lines([
        field.required("spec"),
        field.invalid("a", "x", "must be y"),
        field.notSupported("b", "x", ["A", "B"]),
        field.duplicate("c", "x"),
        field.forbidden("d", "not here"),
        field.tooMany("e", 5, 3),
      ]),
    ).toEqual([
      "spec: Required value",
      'a: Invalid value: "x": must be y',
      'b: Unsupported value: "x": supported values: "A", "B"',
      'c: Duplicate value: "x"',
      "d: Forbidden: not here",
      "e: Too many: 5: must have at most 3 items",
    ]);
  });

  test("take absent and undefined for equal", () => {
    expect(field.isDeepEqual({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(field.isDeepEqual({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(field.isDeepEqual({}, { b: 1 })).toBe(false);
  });
});
