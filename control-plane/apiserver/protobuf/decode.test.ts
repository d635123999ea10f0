import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { definitions } from "#api/schema/definitions";
import { decodeProtobuf } from "#control-plane/apiserver/protobuf/decode";
import { fieldTable } from "#control-plane/apiserver/protobuf/fields";

type Writer = protobuf.Writer;
const message = (fill: (writer: Writer) => void): Uint8Array => {
  const writer = protobuf.Writer.create();
  fill(writer);
  return writer.finish();
};
const field = (number: number, type: 0 | 2): number => number * 8 + type;

function envelope(apiVersion: string, kind: string, raw: Uint8Array): Uint8Array {
  const typeMeta = message((writer) =>
    writer.uint32(field(1, 2)).string(apiVersion).uint32(field(2, 2)).string(kind),
  );
  const unknown = message((writer) =>
    writer.uint32(field(1, 2)).bytes(typeMeta).uint32(field(2, 2)).bytes(raw),
  );
  return Buffer.concat([Buffer.from("k8s\0"), unknown]);
}

describe("a protobuf body", () => {
  test("becomes the JSON that a Go client would have sent", () => {
    const meta = message((writer) =>
      writer
        .uint32(field(1, 2))
        .string("web")
        .uint32(field(2, 2))
        .string("")
        .uint32(field(8, 2))
        .bytes(new Uint8Array()),
    );
    const spec = message((writer) =>
      writer.uint32(field(1, 0)).int32(0).uint32(field(5, 0)).int32(0),
    );
    const raw = message((writer) =>
      writer.uint32(field(1, 2)).bytes(meta).uint32(field(2, 2)).bytes(spec),
    );
    expect(decodeProtobuf(envelope("apps/v1", "Deployment", raw))).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { replicas: 0 },
    });
  });

  test("that is cut off or is something else is the client's fault", () => {
    expect(() => decodeProtobuf(Buffer.from("{}"))).toThrow("does not appear to be a protobuf");
    const whole = envelope("v1", "Pod", new Uint8Array([10, 200]));
    expect(() => decodeProtobuf(whole)).toThrow("in the middle of a field");
    expect(() => decodeProtobuf(envelope("v9", "Nothing", new Uint8Array()))).toThrow(
      'no kind "Nothing" is registered for version "v9"',
    );
  });

  test("may hold every field of the types that we serve, but for those newer than the table", () => {
    const missing = Object.entries(definitions).flatMap(([name, definition]) => {
      const known = fieldTable[name];
      if (!known) return [];
      const inlined = Object.values(known)
        .filter(([, , shape]) => shape === "inline")
        .flatMap(([, type]) => Object.values(fieldTable[type] ?? {}));
      const names = new Set([...Object.values(known), ...inlined].map(([one]) => one));
      return Object.keys(definition.properties ?? {})
        .filter((one) => one !== "apiVersion" && one !== "kind" && !names.has(one))
        .map((one) => `${name.split(".").at(-1)}.${one}`);
    });
    expect(missing.sort()).toEqual([
      "Container.restartPolicyRules",
      "EnvVarSource.fileKeyRef",
      "EphemeralContainer.restartPolicyRules",
      "PodSpec.hostnameOverride",
      "PodStatus.extendedResourceClaimStatus",
      "VolumeProjection.podCertificate",
    ]);
  });
});
