import { defineKind } from "#api/machinery/define-kind";
import { immutable, invalid, invalidEach, required, tooLong } from "#api/machinery/field-path";
import { isConfigMapKey } from "#api/machinery/names";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import { dataSizeBytes, MAX_DATA_BYTES, validateFrozen } from "#api/kinds/rules/data-objects";
import type { Secret } from "#api/schema/types";

const REDACTED = "<secret contents redacted>";
const ACCOUNT_ANNOTATION = "kubernetes.io/service-account.name";
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Keys that a type promises to its readers. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

export const secretKind = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.Secret",
  columns: [
    {
      name: "Type",
      type: "string",
      priority: 0,
      description: "What the secret is for.",
      value: (secret) => secret.type ?? "",
    },
    {
      name: "Data",
      type: "string",
      priority: 0,
      description: "How many keys it has.",
      value: ({ data = {} }) => String(Object.keys(data).length),
    },
    ageColumn,
  ],
  selectableFields: { type: (secret) => secret.type ?? "" },
  setDefaults: (draft) => {
    draft.type ||= "Opaque";
    mergeStringData(draft);
  },
  validate: validateSecret,
  validateUpdate: (next, previous) => [
    ...immutable("type", next.type, previous.type),
    ...validateFrozen(next, previous, ["data"]),
  ],
});

/** stringData is for writing only: it overrides data and is never stored. */
function mergeStringData(draft: Secret): void {
  if (draft.stringData) {
    const encoded = Object.entries(draft.stringData).map(([key, text]) => [
      key,
      Buffer.from(text, "utf8").toString("base64"),
    ]);
    draft.data = { ...draft.data, ...Object.fromEntries(encoded) };
  }
  delete draft.stringData;
}

function validateSecret(secret: Secret): FieldError[] {
  const { data = {}, type = "" } = secret;
  const found = Object.entries(data).flatMap(([key, value]) => [
    ...invalidEach(`data[${key}]`, key, isConfigMapKey(key)),
    ...(base64.test(value) ? [] : [invalid(`data[${key}]`, REDACTED, "illegal base64 data")]),
  ]);
  if (dataSizeBytes(data, "base64") > MAX_DATA_BYTES) found.push(tooLong("data", MAX_DATA_BYTES));
  for (const key of requiredKeys[type] ?? []) {
    if (!Object.hasOwn(data, key)) found.push(required(`data[${key}]`));
    else if (key.startsWith(".docker")) found.push(...validateJson(key, data[key] ?? ""));
  }
  return [...found, ...validateCredentials(secret)];
}

function validateCredentials(secret: Secret): FieldError[] {
  const { data = {}, type, metadata } = secret;
  if (type === "kubernetes.io/basic-auth" && !data["username"] && !data["password"]) {
    return [required("data[username]"), required("data[password]")];
  }
  if (
    type === "kubernetes.io/service-account-token" &&
    !metadata.annotations?.[ACCOUNT_ANNOTATION]
  ) {
    return [required(`metadata.annotations[${ACCOUNT_ANNOTATION}]`)];
  }
  return [];
}

function validateJson(key: string, encoded: string): FieldError[] {
  const text = Buffer.from(encoded, "base64").toString("utf8");
  try {
    JSON.parse(text);
    return [];
  } catch {
    // The parser's own message would quote the secret.
    return [invalid(`data[${key}]`, REDACTED, "must be valid JSON")];
  }
}
