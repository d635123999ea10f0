import type { KubeObject } from "#api/machinery/meta";
import { diffLines, formatDifference } from "#cli/release/line-difference";

/** What a deploy would change of one object, as lines of YAML. Values of Secrets are never shown. Pure. */
export interface Difference {
  readonly change: "created" | "changed" | "unchanged" | "deleted";
  readonly lines: readonly string[];
}

export type ToYaml = (value: unknown) => string;

/** `undefined`: not there. */
export function differenceOf(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  toYaml: ToYaml,
): Difference {
  const [shownBefore, shownAfter] = masked(before && plain(before), after && plain(after));
  const linesOf = (object: KubeObject | undefined): string[] =>
    object ? toYaml(object).split("\n") : [];
  const lines = formatDifference(diffLines(linesOf(shownBefore), linesOf(shownAfter)));
  if (!before) return { change: "created", lines };
  if (!after) return { change: "deleted", lines };
  return lines.some((line) => !line.startsWith(" "))
    ? { change: "changed", lines }
    : { change: "unchanged", lines: [] };
}

/** Without what the server writes. */
function plain(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object as KubeObject & { status?: unknown };
  const {
    managedFields: _managed,
    resourceVersion: _version,
    generation: _generation,
    uid: _uid,
    creationTimestamp: _created,
    ...metadata
  } = object.metadata;
  return sorted({ ...rest, metadata }) as KubeObject;
}

/** By name, as kubectl shows objects: in which order a field was written is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

type SecretObject = KubeObject & Partial<Record<"data" | "stringData", Record<string, string>>>;

/** As kubectl diff shows them: that a value changes is told, and not what it is. */
function masked(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): [KubeObject | undefined, KubeObject | undefined] {
  if ((after ?? before)?.kind !== "Secret") return [before, after];
  const mask = (
    object: KubeObject | undefined,
    other: KubeObject | undefined,
    word: string,
  ): KubeObject | undefined => {
    if (!object) return undefined;
    const { data, stringData, ...rest } = object as SecretObject;
    const theirs = other as SecretObject | undefined;
    const hide = (values: Record<string, string> | undefined, field: "data" | "stringData") =>
      values &&
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => {
          const old = theirs?.[field]?.[key];
          return [key, old === undefined || old === value ? "***" : `*** (${word})`];
        }),
      );
    const hidden = { data: hide(data, "data"), stringData: hide(stringData, "stringData") };
    // The annotation of kubectl's client-side apply has the values too.
    const notes = Object.entries(rest.metadata.annotations ?? {}).filter(
      ([key]) => key !== "kubectl.kubernetes.io/last-applied-configuration",
    );
    const metadata = { ...rest.metadata, annotations: Object.fromEntries(notes) };
    return JSON.parse(JSON.stringify({ ...rest, ...hidden, metadata })) as KubeObject;
  };
  return [mask(before, after, "before"), mask(after, before, "after")];
}
