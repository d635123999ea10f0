import {
  ANNOTATION_PREFIX,
  type AnnotationRule,
  annotationRules,
} from "#ingress/annotations/table";
import type { Ingress } from "#api/schema/types";
import { integer } from "#ingress/annotations/values";

/** What the annotations of an Ingress ask for, in the form in which Lua reads it, and what is wrong with them. */
export interface ReadAnnotations {
  /** By annotation name without its prefix; those that say the default are not there. */
  readonly fields: ReadonlyMap<string, string>;
  readonly problems: readonly AnnotationProblem[];
  /** Why no path of this Ingress may be served. */
  readonly closed: string | undefined;
}

export interface AnnotationProblem {
  readonly reason: "AnnotationRefused" | "AnnotationInvalid" | "AnnotationUnknown";
  readonly message: string;
}

/** Not of ingress-nginx, which has one status for the whole cluster. */
const LIMIT_STATUS = "kaji.dev/limit-status-code";

const rules = new Map<string, AnnotationRule>(annotationRules.map((rule) => [rule.name, rule]));
const known = new WeakMap<Ingress, ReadAnnotations>();

/** Objects of the cluster are frozen: each is read once. */
export function annotationsOf(ingress: Ingress): ReadAnnotations {
  let read = known.get(ingress);
  if (!read) known.set(ingress, (read = readAnnotations(ingress.metadata.annotations ?? {})));
  return read;
}

export function readAnnotations(annotations: Readonly<Record<string, string>>): ReadAnnotations {
  const fields = new Map<string, string>();
  const problems: AnnotationProblem[] = [];
  let closed: string | undefined;
  const object = (reason: AnnotationProblem["reason"], sentence: string, closes = false): void => {
    const message = closes ? `${sentence}; no path is served until that is resolved` : sentence;
    problems.push({ reason, message });
    if (closes) closed ??= sentence;
  };
  for (const [key, text] of Object.entries(annotations).sort(byKey)) {
    if (key === LIMIT_STATUS) {
      const status = integer(400, 599)(text);
      if ("value" in status) fields.set("limit-status-code", status.value);
      else object("AnnotationInvalid", `annotation ${key} ${status.problem}`);
      continue;
    }
    if (!key.startsWith(ANNOTATION_PREFIX)) continue;
    const rule = rules.get(key.slice(ANNOTATION_PREFIX.length));
    if (!rule) {
      object("AnnotationUnknown", `annotation ${key} is not known: nothing follows from it`);
    } else if ("refusal" in rule) {
      if (!isOff(text)) {
        object("AnnotationRefused", `annotation ${key} ${rule.refusal}`, rule.closes);
      }
    } else {
      const parsed = rule.read(text);
      if ("problem" in parsed) {
        object("AnnotationInvalid", `annotation ${key} ${parsed.problem}`, rule.closes);
      } else if (parsed.value !== "" || rule.isOnByDefault) {
        fields.set(rule.name, parsed.value);
      }
    }
  }
  return { fields: withoutLonely(fields), problems, closed };
}

/** Asking that something is not done asks for nothing. */
function isOff(text: string): boolean {
  return ["false", "off", ""].includes(text.trim().toLowerCase());
}

function withoutLonely(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...fields].filter(([name]) => {
      const rule = rules.get(name);
      return !rule || "refusal" in rule || !rule.beside || fields.has(rule.beside);
    }),
  );
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
