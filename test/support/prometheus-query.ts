/** The part of PromQL that rules of metrics here use: SELECTOR, SELECTOR[RANGE] in rate(), sum(...) by (...), and scalar * or /. */
export interface Selector {
  readonly matchers: readonly {
    readonly label: string;
    readonly operator: string;
    readonly value: string;
  }[];
}

export type Expression =
  | { readonly type: "selector"; readonly selector: Selector; readonly range?: string }
  | { readonly type: "rate"; readonly of: Expression }
  | { readonly type: "sum"; readonly of: Expression; readonly by: readonly string[] };

/** Throws Error with the place, as Prometheus refuses what it cannot read. */
export function parseQuery(text: string): Expression {
  const parser = new Parser(text);
  const parsed = parser.expression();
  parser.end();
  return parsed;
}

const TOKEN =
  /\s*(?:(?<text>"(?:[^"\\\n]|\\.)*")|(?<range>\[\d+[smh]\])|(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<sign>=~|!~|!=|[=(){},]))/y;

class Parser {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    if (this.text.slice(this.at).trim() !== "") throw this.unexpected();
  }

  expression(): Expression {
    const word = this.peek();
    if (word === "sum" || word === "rate") {
      this.next();
      this.expect("(");
      const of = this.expression();
      this.expect(")");
      if (word === "rate") {
        if (of.type !== "selector" || of.range === undefined) throw this.unexpected();
        return { type: "rate", of };
      }
      return { type: "sum", of, by: this.grouping() };
    }
    const selector = this.selector();
    const range = /^\[/.test(this.peek() ?? "") ? this.next() : undefined;
    return { type: "selector", selector, ...(range === undefined ? {} : { range }) };
  }

  private grouping(): string[] {
    if (this.peek() !== "by") return [];
    this.next();
    this.expect("(");
    const labels: string[] = [];
    while (this.peek() !== ")") {
      labels.push(this.next());
      if (this.peek() === ",") this.next();
    }
    this.expect(")");
    return labels;
  }

  private selector(): Selector {
    const matchers: { label: string; operator: string; value: string }[] = [];
    if (this.peek() !== "{") {
      const value = this.next();
      if (!/^[a-zA-Z_:]/.test(value)) throw this.unexpected();
      matchers.push({ label: "__name__", operator: "=", value });
    }
    if (this.peek() !== "{") return { matchers };
    this.next();
    while (this.peek() !== "}") {
      const label = this.next();
      const operator = this.next();
      const value = this.next();
      if (!["=", "!=", "=~", "!~"].includes(operator) || !value.startsWith('"'))
        throw this.unexpected();
      if (label === "__name__" && matchers.some((one) => one.label === label)) {
        throw new Error("metric name must not be set twice");
      }
      matchers.push({ label, operator, value: unquoted(value) });
      if (this.peek() !== "}") this.expect(",");
    }
    this.next();
    return { matchers };
  }

  private peek(): string | undefined {
    TOKEN.lastIndex = this.at;
    return TOKEN.exec(this.text)?.[0].trim();
  }

  private next(): string {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (!match) throw this.unexpected();
    this.at = TOKEN.lastIndex;
    return match[0].trim();
  }

  private expect(sign: string): void {
    if (this.next() !== sign) throw this.unexpected();
  }

  private unexpected(): Error {
    return new Error(
      `1:${this.at + 1}: parse error: unexpected ${JSON.stringify(this.text.slice(this.at, this.at + 10))}`,
    );
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, one: string) => {
    if (one === "n") return "\n";
    if (one === "\\" || one === '"') return one;
    throw new Error(`parse error: unknown escape sequence U+${one.codePointAt(0)?.toString(16)}`);
  });
}

export function isSelected(
  labels: Readonly<Record<string, string>>,
  { matchers }: Selector,
): boolean {
  return matchers.every(({ label, operator, value }) => {
    const has = labels[label] ?? "";
    if (operator === "=" || operator === "!=") return (has === value) === (operator === "=");
    return new RegExp(`^(?:${value})$`).test(has) === (operator === "=~");
  });
}
