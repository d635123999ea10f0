import {
  checkKey,
  formatRequirement,
  isMet,
  type Requirement,
  requirement,
  type SelectorOperator,
} from "#api/machinery/label-requirement";
import { errors } from "#api/machinery/status-error";
import type { LabelSelector } from "#api/schema/types";

/** A conjunction of requirements on labels. */
export interface Selector {
  /** Sorted by key; empty for the selector that matches everything. */
  readonly requirements: readonly Requirement[];
  /** False only for the selector that matches nothing. */
  readonly canMatch: boolean;
  matches(labels: Readonly<Record<string, string>> | undefined): boolean;
}

/** No list of alternatives in one requirement, and no selector, is longer than this. */
export const maxSelectorLength = 64 * 1024;

const noLabels: Readonly<Record<string, string>> = {};

function selector(requirements: Requirement[]): Selector {
  requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    requirements,
    canMatch: true,
    matches: (labels = noLabels) => requirements.every((one) => isMet(one, labels)),
  };
}

export const everything: Selector = selector([]);
export const nothing: Selector = { requirements: [], canMatch: false, matches: () => false };

/** `app=web,tier in (a,b),!old`; throws StatusError 400 with Kubernetes' text. */
export function parseLabelSelector(text: string): Selector {
  if (text.length > maxSelectorLength) {
    throw errors.badRequest(
      `a label selector may not be longer than ${String(maxSelectorLength)} characters`,
    );
  }
  const parser = new SelectorParser(tokenize(text));
  return selector(parser.parse());
}

/** The empty selector matches everything, an absent one nothing (the API's convention for spec.selector). */
export function selectorFromLabelSelector(labelSelector?: LabelSelector): Selector {
  if (labelSelector === undefined) return nothing;
  const found = Object.entries(labelSelector.matchLabels ?? {}).map(([key, value]) =>
    requirement(key, "=", [value]),
  );
  for (const { key, operator, values } of labelSelector.matchExpressions ?? []) {
    const known = operators[operator];
    if (known === undefined) {
      throw errors.badRequest(`"${operator}" is not a valid label selector operator`);
    }
    found.push(requirement(key, known, values ?? []));
  }
  return selector(found);
}

/** A plain map, as in a Service's spec.selector; an empty or absent map matches nothing there. */
export function selectorFromMap(map: Readonly<Record<string, string>> | undefined): Selector {
  const entries = Object.entries(map ?? {});
  if (entries.length === 0) return nothing;
  return selector(entries.map(([key, value]) => ({ key, operator: "=", values: [value] })));
}

export function formatSelector(one: Selector): string {
  return one.requirements.map(formatRequirement).join(",");
}

/** As kubectl shows it: "<none>" for an empty or absent selector. */
export function formatLabelSelector(labelSelector?: LabelSelector): string {
  const text = formatSelector(selectorFromLabelSelector(labelSelector));
  return text === "" ? "<none>" : text;
}

const operators: Readonly<Record<string, SelectorOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

type TokenType = "word" | "symbol" | "end";
interface Token {
  readonly type: TokenType;
  readonly text: string;
}

const end: Token = { type: "end", text: "" };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [part] of text.matchAll(/==|!=|[=!(),<>]|[^=!(),<>\s]+/g)) {
    tokens.push({ type: /^[=!(),<>]/.test(part) ? "symbol" : "word", text: part });
  }
  return tokens;
}

/** Recursive descent over tokens; "in" and "notin" are operators only where an operator is expected. */
class SelectorParser {
  private position = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parse(): Requirement[] {
    const found: Requirement[] = [];
    for (;;) {
      const first = this.peek();
      if (first.type === "end") return found;
      if (first.type !== "word" && first.text !== "!") {
        throw expected(first, "!, identifier, or 'end of string'");
      }
      found.push(this.requirement());
      const next = this.take();
      if (next.type === "end") return found;
      if (next.text !== ",") throw expected(next, "',' or 'end of string'");
      const after = this.peek();
      if (after.type !== "word" && after.text !== "!") {
        throw expected(after, "identifier after ','");
      }
    }
  }

  private requirement(): Requirement {
    const isNegated = this.peek().text === "!";
    if (isNegated) this.take();
    const key = this.take();
    if (key.type !== "word") throw inRequirement(key, "identifier");
    checkKey(key.text);
    const next = this.peek();
    if (isNegated) return requirement(key.text, "!", []);
    if (next.type === "end" || next.text === ",") return requirement(key.text, "exists", []);
    const operator = this.operator();
    const isSet = operator === "in" || operator === "notin";
    return requirement(key.text, operator, isSet ? this.values() : [this.exactValue()]);
  }

  private operator(): SelectorOperator {
    const token = this.take();
    switch (token.text) {
      case "=":
      case "==":
      case "!=":
      case "in":
      case "notin":
        return token.text;
      case ">":
        return "gt";
      case "<":
        return "lt";
      default:
        throw inRequirement(token, "in, notin, =, ==, !=, gt, lt");
    }
  }

  private exactValue(): string {
    const next = this.peek();
    if (next.type === "end" || next.text === ",") return "";
    this.take();
    if (next.type !== "word") throw inRequirement(next, "identifier");
    return next.text;
  }

  /** `(a,b)`; an empty place between commas is the empty value. */
  private values(): string[] {
    const open = this.take();
    if (open.text !== "(") {
      throw errors.badRequest(`unable to parse requirement: found '${open.text}' expected: '('`);
    }
    if (this.peek().text === ")") {
      this.take();
      return [];
    }
    const values: string[] = [];
    for (;;) {
      values.push(this.peek().type === "word" ? this.take().text : "");
      const next = this.take();
      if (next.text === ")") return values;
      if (next.text !== ",") throw inRequirement(next, "',' or ')'");
    }
  }

  private peek(): Token {
    return this.tokens[this.position] ?? end;
  }

  private take(): Token {
    const token = this.peek();
    this.position += 1;
    return token;
  }
}

function expected(token: Token, what: string): Error {
  return errors.badRequest(`found '${token.text}', expected: ${what}`);
}

function inRequirement(token: Token, what: string): Error {
  return errors.badRequest(`unable to parse requirement: found '${token.text}', expected: ${what}`);
}
