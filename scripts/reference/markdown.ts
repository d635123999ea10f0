/** Pure: the few forms that the reference pages have. */
export interface Page {
  /** "docs/reference/metrics.md" */
  readonly path: string;
  render(): string;
}

export function page(title: string, ...parts: readonly string[]): string {
  return [`# ${title}`, ...parts].join("\n\n").concat("\n");
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.map(cell).join(" | ").trimEnd());
  return [header.join(" | "), header.map(() => "---").join(" | "), ...lines].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

export function quoted(text: string): string {
  return `\`${text}\``;
}

export function code(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}
