/**
 * Generates api/schema/definitions.json (OpenAPI v2 definitions) and api/schema/types.ts (the same as
 * TypeScript) from two published packages: @kubernetes/client-node gives every property's type, and its
 * declarations give descriptions and required marks; kubernetes-types gives each type's API package.
 * What neither package knows (patch and list-map keys) comes from api/schema/markers.ts.
 * Run by `npm run schema`; test/tidy holds the output current.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { groupVersionKindOf, isOptional, leafTypeOf, markersOf } from "#api/schema/markers";
import { rootTypes } from "#api/schema/roots";

interface Property {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  items?: Property;
  additionalProperties?: Property;
  [extension: `x-kubernetes-${string}`]: unknown;
}
interface Definition {
  description: string;
  type?: string;
  format?: string;
  properties?: Record<string, Property>;
  required?: string[];
  [extension: `x-kubernetes-${string}`]: unknown;
}

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const clientModels = join(dirname(require.resolve("@kubernetes/client-node")), "gen/models");
const typesRoot = dirname(require.resolve("kubernetes-types/package.json"));

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const special: Record<string, { name: string; definition: Definition; ts: string }> = {
  Quantity: {
    name: "io.k8s.apimachinery.pkg.api.resource.Quantity",
    definition: { description: "A fixed-point number such as 100m, 1.5 or 2Gi.", type: "string" },
    ts: "string",
  },
  IntOrString: {
    name: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
    definition: {
      description: "A number, or a string such as a port's name or a percentage.",
      type: "string",
      format: "int-or-string",
    },
    ts: "number | string",
  },
  Time: {
    name: `${META}.Time`,
    definition: { description: "A point in time, RFC 3339.", type: "string", format: "date-time" },
    ts: "string",
  },
  MicroTime: {
    name: `${META}.MicroTime`,
    definition: {
      description: "A point in time with microseconds, RFC 3339.",
      type: "string",
      format: "date-time",
    },
    ts: "string",
  },
  RawExtension: {
    name: "io.k8s.apimachinery.pkg.runtime.RawExtension",
    definition: { description: "Any object.", type: "object" },
    ts: "Record<string, unknown>",
  },
};

const CRD = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
/** Definitions that stand for a value of several types; they have no TypeScript type of their own. */
const leaves: Record<string, { name: string; definition: Definition }> = {
  ...special,
  FieldsV1: {
    name: `${META}.FieldsV1`,
    definition: { description: "A set of fields in a trie of JSON objects.", type: "object" },
  },
  JSON: { name: `${CRD}.JSON`, definition: { description: "Any JSON value." } },
  JSONSchemaPropsOrArray: {
    name: `${CRD}.JSONSchemaPropsOrArray`,
    definition: { description: "A JSON schema, or an array of them." },
  },
  JSONSchemaPropsOrBool: {
    name: `${CRD}.JSONSchemaPropsOrBool`,
    definition: { description: "A JSON schema, or a boolean." },
  },
  JSONSchemaPropsOrStringArray: {
    name: `${CRD}.JSONSchemaPropsOrStringArray`,
    definition: { description: "A JSON schema, or an array of strings." },
  },
  CustomResourceSubresourceStatus: {
    name: `${CRD}.CustomResourceSubresourceStatus`,
    definition: { description: "How the status subresource is served.", type: "object" },
  },
};

/** Types that live elsewhere than beside the type that refers to them. */
const elsewhere: Readonly<Record<string, string>> = {
  V1FieldSelectorRequirement: `${META}.FieldSelectorRequirement`,
};

/** Map from "V1Pod" (client class) to "io.k8s.api.core.v1.Pod" (definition name). */
function definitionNames(): Map<string, string> {
  const names = new Map<string, string>();
  const visit = (folder: string, prefix: string): void => {
    for (const entry of readdirSync(join(typesRoot, folder), { withFileTypes: true })) {
      if (entry.isDirectory()) visit(join(folder, entry.name), `${prefix}.${entry.name}`);
      const version = /^(v\w+)\.d\.ts$/.exec(entry.name)?.[1];
      if (version === undefined) continue;
      const source = readFileSync(join(typesRoot, folder, entry.name), "utf8");
      for (const [, name] of source.matchAll(/^export (?:interface|declare type|type) (\w+)/gm)) {
        const group = prefix.slice(1);
        const definition = `${packagePrefix(group)}.${version}.${name}`;
        const plain = `${capitalize(version)}${name}`;
        if (!names.has(plain)) names.set(plain, definition);
        names.set(`${capitalize(group)}${plain}`, definition);
      }
    }
  };
  visit("", "");
  return names;
}

function packagePrefix(group: string): string {
  if (group === "meta") return "io.k8s.apimachinery.pkg.apis.meta";
  if (group === "apiextensions") return "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions";
  return `io.k8s.api.${group}`;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Descriptions and required marks, which only the declarations carry. */
function readDeclaration(className: string): {
  description: string;
  properties: Map<string, { description: string; isRequired: boolean }>;
} {
  const source = readFileSync(join(clientModels, `${className}.d.ts`), "utf8");
  const head = /\/\*\*\n\* ([\s\S]*?)\n\*\/\nexport declare class/.exec(source)?.[1] ?? "";
  const properties = new Map<string, { description: string; isRequired: boolean }>();
  const pattern = /(?:\/\*\*\n\s+\* ([^\n]*(?:\n\s+\* [^\n]*)*)\n\s+\*\/\n)?\s+'([^']+)'(\??): /g;
  for (const [, description, name, optional] of source.matchAll(pattern)) {
    if (name !== undefined) {
      properties.set(name, {
        description: unescape(description ?? ""),
        isRequired: optional === "",
      });
    }
  }
  return { description: unescape(head), properties };
}

function unescape(text: string): string {
  return text.replace(/\n\s*\* /g, " ").replace(/\\(['"`])/g, "$1");
}

class SchemaBuilder {
  readonly definitions: Record<string, Definition> = {};
  readonly types = new Map<string, string>();
  private readonly names = definitionNames();
  private readonly models: Record<string, { attributeTypeMap?: ModelAttribute[] }>;

  constructor(models: SchemaBuilder["models"]) {
    this.models = models;
  }

  /** Adds a client class and all that it refers to; returns its definition name. */
  add(className: string, referrer = ""): string {
    const plain = className.replace(/^V1/, "");
    const known = special[className] ?? special[plain];
    if (known) {
      this.definitions[known.name] = known.definition;
      this.types.set(
        known.name.split(".").at(-1) ?? "",
        `export type ${shortName(className)} = ${known.ts};`,
      );
      return known.name;
    }
    // A type newer than kubernetes-types lives in the package of the type that refers to it.
    const sibling = `${referrer.slice(0, referrer.lastIndexOf("."))}.${shortName(className)}`;
    const name =
      elsewhere[className] ?? this.names.get(className) ?? (referrer ? sibling : undefined);
    if (name === undefined)
      throw new Error(`no API package is known for the client class ${className}`);
    if (this.definitions[name]) return name;
    const attributes = this.models[className]?.attributeTypeMap;
    if (!attributes) throw new Error(`the client package has no model ${className}`);
    const declared = readDeclaration(className);
    const definition: Definition = { description: declared.description, type: "object" };
    this.definitions[name] = definition;
    const lines: string[] = [];
    const markers = markersOf(name);
    Object.assign(definition, markers.definition, groupVersionKindOf(name, attributes));
    for (const attribute of attributes) {
      const property = this.correct(
        this.property(attribute.type, attribute.format, name),
        leafTypeOf(name, attribute.baseName),
      );
      const declaredProperty = declared.properties.get(attribute.name);
      if (declaredProperty?.description) property.description = declaredProperty.description;
      Object.assign(property, markers.property(attribute.baseName));
      definition.properties = { ...definition.properties, [attribute.baseName]: property };
      if (declaredProperty?.isRequired && !isOptional(name, attribute.baseName)) {
        definition.required = [...(definition.required ?? []), attribute.baseName];
      }
      const key = /^[A-Za-z_]\w*$/.test(attribute.baseName)
        ? attribute.baseName
        : `"${attribute.baseName}"`;
      const isRequired =
        declaredProperty?.isRequired || isAlwaysSet(name, attribute.baseName, attributes);
      const optional = isRequired ? "" : "?";
      const undef = optional ? " | undefined" : "";
      lines.push(`  ${key}${optional}: ${this.tsType(attribute.type)}${undef};`);
    }
    this.types.set(
      shortName(className),
      `export interface ${shortName(className)} {\n${lines.join("\n")}\n}`,
    );
    return name;
  }

  /** Replaces what stands at the end of arrays and maps by a reference to `leafType`. */
  private correct(property: Property, leafType: string | undefined): Property {
    if (leafType === undefined) return property;
    if (property.items) return { ...property, items: this.correct(property.items, leafType) };
    if (property.additionalProperties) {
      const additionalProperties = this.correct(property.additionalProperties, leafType);
      return { ...property, additionalProperties };
    }
    const leaf = leaves[leafType];
    if (!leaf) throw new Error(`api/schema/corrections.ts names an unknown type ${leafType}`);
    this.definitions[leaf.name] = leaf.definition;
    return { $ref: `#/definitions/${leaf.name}` };
  }

  private property(type: string, format: string, owner: string): Property {
    const array = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
    if (array) return { type: "array", items: this.property(array, format, owner) };
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
    if (map) return { type: "object", additionalProperties: this.property(map, format, owner) };
    switch (type) {
      case "string":
        if (format === "date-time") return { $ref: `#/definitions/${this.add("Time")}` };
        return format ? { type: "string", format } : { type: "string" };
      case "boolean":
        return { type: "boolean" };
      case "number":
        return { type: format === "double" ? "number" : "integer", format: format || "int32" };
      case "Date":
        return { $ref: `#/definitions/${this.add("Time")}` };
      case "any":
      case "object":
        return { type: "object" };
      default:
        return { $ref: `#/definitions/${this.add(type, owner)}` };
    }
  }

  private tsType(type: string): string {
    const array = /^(?:Array|Set)<(.*)>$/.exec(type)?.[1];
    if (array) return `${this.tsType(array)}[]`;
    const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
    if (map) return `Record<string, ${this.tsType(map)}>`;
    if (type === "string" || type === "boolean" || type === "number") return type;
    if (type === "any" || type === "object") return "Record<string, unknown>";
    return shortName(type === "Date" ? "Time" : type);
  }
}

interface ModelAttribute {
  name: string;
  baseName: string;
  type: string;
  format: string;
}

/**
 * What every object inside Kaji has, although the schema lets a request leave it out: the API server
 * fills in apiVersion, kind, metadata and the name, and validation refuses an object without its spec.
 */
function isAlwaysSet(
  definition: string,
  property: string,
  siblings: readonly ModelAttribute[],
): boolean {
  if (definition === `${META}.ObjectMeta`) return property === "name";
  const has = (name: string): boolean => siblings.some((sibling) => sibling.baseName === name);
  if (!has("metadata")) return false;
  if (property === "spec") return true;
  return has("kind") && ["apiVersion", "kind", "metadata"].includes(property);
}

/** The TypeScript name of a client class: V1Pod -> Pod, CoreV1Event -> Event. */
function shortName(className: string): string {
  if (className === "Date") return "Time";
  const beta = /^V\d+((?:alpha|beta)\d+)?(.*)$/.exec(className);
  const name = (beta ? `${beta[2]}${capitalize(beta[1] ?? "")}` : className).replace(
    /^(Core|Events)V1/,
    (_, group) => (group === "Core" ? "" : "Events"),
  );
  return name.replace(/^EventsV1/, "Events");
}

/** The two files' texts. */
export async function generateSchema(): Promise<{ definitions: string; types: string }> {
  if (!existsSync(clientModels)) throw new Error(`${clientModels} is missing; run npm ci first`);
  const models = (await import("@kubernetes/client-node")) as unknown as SchemaBuilder["models"];
  const builder = new SchemaBuilder(models);
  for (const root of rootTypes) builder.add(root);
  const sorted = Object.fromEntries(
    Object.entries(builder.definitions).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const types = [...builder.types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const banner =
    "// Generated by `npm run schema` from the published Kubernetes packages. Do not edit.\n\n";
  return {
    definitions: `${JSON.stringify(sorted, null, 1)}\n`,
    types: `${banner}${types.join("\n\n")}\n`,
  };
}

async function main(): Promise<void> {
  const out = join(here, "../api/schema");
  const { definitions, types } = await generateSchema();
  writeFileSync(join(out, "definitions.json"), definitions);
  writeFileSync(join(out, "types.ts"), types);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
