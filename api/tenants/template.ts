import type { KubeObject } from "#api/machinery/meta";

/**
 * A plan's template becomes a tenant's objects by replacing, in every string and key of it:
 *   ${tenant} ${namespace} ${host}   the tenant's name, its namespace, the first of its hosts
 *   ${parameters.NAME}               what the tenant says
 *   ${parameters.NAME:-TEXT}         the same, or TEXT when it says nothing
 *   $${                              a literal ${
 * Values are put in as text, once: what stands in a value is not looked at again, and no value can add a field.
 */
export interface TemplateValues {
  readonly tenant: string;
  readonly namespace: string;
  /** undefined: the tenant has none. */
  readonly host: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Rendered =
  | { readonly type: "rendered"; readonly objects: readonly KubeObject[] }
  /** One sentence for each thing that is wrong. */
  | { readonly type: "failed"; readonly problems: readonly string[] };

const PLACEHOLDER = /\$\$\{|\$\{([^}]*)\}?/g;
const PARAMETER = /^parameters\.([A-Za-z0-9][-A-Za-z0-9_.]{0,62}?)(?::-(.*))?$/s;
const NAMES = ["tenant", "namespace", "host"];

export function renderTemplate(
  template: readonly Record<string, unknown>[],
  values: TemplateValues,
): Rendered {
  const problems: string[] = [];
  const objects = template.map((manifest, index) => {
    const report = (path: string, problem: string): void => {
      problems.push(`template[${index}]${path}: ${problem}`);
    };
    return placed(
      replaceIn(manifest, "", (text, path) => fill(text, values, path, report)),
      values,
    );
  });
  return problems.length > 0 ? { type: "failed", problems } : { type: "rendered", objects };
}

/** What is wrong with the placeholders of a template, whatever the tenant says. */
export function placeholderProblems(template: readonly unknown[]): [path: string, why: string][] {
  const found: [string, string][] = [];
  template.forEach((manifest, index) => {
    replaceIn(manifest, `[${index}]`, (text, path) => {
      for (const [whole, name] of text.matchAll(PLACEHOLDER)) {
        const problem = name === undefined ? undefined : syntaxProblem(whole, name);
        if (problem) found.push([path, problem]);
      }
      return text;
    });
  });
  return found;
}

function syntaxProblem(whole: string, name: string): string | undefined {
  if (!whole.endsWith("}")) return `${whole} has no closing brace; write $\${ for a literal \${`;
  if (NAMES.includes(name) || PARAMETER.test(name)) return undefined;
  return `\${${name}} is not known: use \${tenant}, \${namespace}, \${host} or \${parameters.NAME}, and $\${ for a literal \${`;
}

function fill(
  text: string,
  values: TemplateValues,
  path: string,
  report: (path: string, problem: string) => void,
): string {
  return text.replace(PLACEHOLDER, (whole: string, name: string | undefined) => {
    if (name === undefined) return "${";
    const problem = syntaxProblem(whole, name);
    const value = problem ? undefined : valueOf(name, values);
    if (value !== undefined) return value;
    report(path, problem ?? missing(name));
    return whole;
  });
}

function valueOf(name: string, values: TemplateValues): string | undefined {
  if (name === "tenant") return values.tenant;
  if (name === "namespace") return values.namespace;
  if (name === "host") return values.host;
  const [, parameter = "", fallback] = PARAMETER.exec(name) ?? [];
  return Object.hasOwn(values.parameters, parameter) ? values.parameters[parameter] : fallback;
}

function missing(name: string): string {
  return name === "host"
    ? "${host} is wanted, and the tenant has no hosts"
    : `\${${name}} is wanted, and the tenant's spec.parameters do not have it`;
}

/** Every string of a JSON value, keys included, through `replace`. */
function replaceIn(
  value: unknown,
  path: string,
  replace: (text: string, path: string) => string,
): unknown {
  if (typeof value === "string") return replace(value, path);
  if (Array.isArray(value)) {
    return value.map((item, index) => replaceIn(item, `${path}[${index}]`, replace));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      replace(key, path),
      replaceIn(item, `${path}.${key}`, replace),
    ]),
  );
}

function placed(manifest: unknown, { namespace }: TemplateValues): KubeObject {
  const object = manifest as KubeObject;
  return { ...object, metadata: { ...object.metadata, namespace } };
}
