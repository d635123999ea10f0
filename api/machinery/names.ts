/**
 * Validators of names, keys and values with Kubernetes' own messages (apimachinery util/validation).
 * Each returns messages, [] when the value is valid; field-path.ts turns them into FieldErrors.
 */
export type NameRule = (value: string) => string[];

const label1123 = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const label1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const qualifiedPart = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

// Each character is tried once by these forms: they say the same as the published regular expressions
// (which stand in the messages) without nested repetition.
const isLabel1123 = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const isLabel1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const isQualifiedPart = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export const maxLabelLength = 63;
export const maxSubdomainLength = 253;

export const isDns1123Label: NameRule = (value) => [
  ...atMost(value, maxLabelLength),
  ...matching(
    isLabel1123.test(value),
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    label1123,
    ["my-name", "123-abc"],
  ),
];

export const isDns1123Subdomain: NameRule = (value) => [
  ...atMost(value, maxSubdomainLength),
  ...matching(
    isSubdomain(value),
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomain1123,
    ["example.com"],
  ),
];

export const isDns1035Label: NameRule = (value) => [
  ...atMost(value, maxLabelLength),
  ...matching(
    isLabel1035.test(value),
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    label1035,
    ["my-name", "abc-123"],
  ),
];

export const isWildcardDns1123Subdomain: NameRule = (value) => [
  ...atMost(value, maxSubdomainLength),
  ...matching(
    value.startsWith("*.") && isSubdomain(value.slice(2)),
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    `\\*\\.${subdomain1123}`,
    ["*.example.com"],
  ),
];

/** "name" or "example.com/name": label keys, annotation keys, finalizers, condition types. */
export const isQualifiedName: NameRule = (value) => {
  const parts = value.split("/");
  const [prefix, name] = parts.length === 1 ? [undefined, parts[0] ?? ""] : parts;
  const text = regexText(
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    qualifiedPart,
    ["MyName", "my.name", "123-abc"],
  );
  if (parts.length > 2) {
    return [
      `a qualified name ${text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  return [
    ...(prefix === "" ? ["prefix part must be non-empty"] : []),
    ...(prefix ? isDns1123Subdomain(prefix).map((message) => `prefix part ${message}`) : []),
    ...qualifiedNamePart(name ?? "", text),
  ];
};

function qualifiedNamePart(name: string, text: string): string[] {
  return [
    ...(name === "" ? ["name part must be non-empty"] : []),
    ...atMost(name, maxLabelLength).map((message) => `name part ${message}`),
    ...(isQualifiedPart.test(name) ? [] : [`name part ${text}`]),
  ];
}

export const isLabelValue: NameRule = (value) => [
  ...atMost(value, maxLabelLength),
  ...matching(
    value === "" || isQualifiedPart.test(value),
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    `(${qualifiedPart})?`,
    ["MyValue", "my_value", "12345"],
  ),
];

/** A port's name (IANA_SVC_NAME). */
export const isPortName: NameRule = (value) => [
  ...atMost(value, 15),
  ...(/^[-a-z0-9]+$/.test(value)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(value) ? [] : ["must contain at least one letter (a-z)"]),
  ...(value.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(value.startsWith("-") || value.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
];

export function isPortNumber(port: number): string[] {
  return inRange(port, 1, 65535);
}

export function inRange(value: number, least: number, most: number): string[] {
  return Number.isInteger(value) && value >= least && value <= most
    ? []
    : [`must be between ${String(least)} and ${String(most)}, inclusive`];
}

/** A key of a ConfigMap or Secret, which becomes a file's name. */
export const isConfigMapKey: NameRule = (value) => [
  ...atMost(value, maxSubdomainLength),
  ...matching(
    /^[-._a-zA-Z0-9]+$/.test(value),
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    "[-._a-zA-Z0-9]+",
    ["key.name", "KEY_NAME", "key-name"],
  ),
  ...(value === "." || value === ".." ? [`must not be '${value}'`] : []),
  ...(value.startsWith("..") && value !== ".." ? ["must not start with '..'"] : []),
];

export const isEnvVarName: NameRule = (value) => {
  if (value === "") return ["environment variable name must be non-empty"];
  return /^[ -<>-~]+$/.test(value)
    ? []
    : [
        "a valid environment variable name must consist only of printable ASCII characters other than '='",
      ];
};

export const isPercent: NameRule = (value) =>
  matching(
    /^[0-9]+%$/.test(value),
    "a valid percent string must be a numeric string followed by an ending '%'",
    "[0-9]+%",
    ["1%", "93%"],
  );

/** The weakest of name rules: what can stand between two slashes of a URL ("system:node" of RBAC). */
export const isPathSegmentName: NameRule = (value) => {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"]
    .filter((part) => value.includes(part))
    .map((part) => `may not contain '${part}'`);
};

function isSubdomain(value: string): boolean {
  return value.split(".").every((label) => isLabel1123.test(label));
}

function atMost(value: string, length: number): string[] {
  return new TextEncoder().encode(value).length > length
    ? [`must be no more than ${String(length)} characters`]
    : [];
}

function matching(
  isMatch: boolean,
  message: string,
  format: string,
  examples: readonly string[],
): string[] {
  return isMatch ? [] : [regexText(message, format, examples)];
}

function regexText(message: string, format: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${list}regex used for validation is '${format}')`;
}
