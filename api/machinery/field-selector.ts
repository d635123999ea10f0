import { errors } from "#api/machinery/status-error";

/** One condition of a field selector such as `status.phase!=Running`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** `metadata.name=a,status.phase!=Running`; a backslash escapes `\`, `,` and `=`. Throws StatusError 400. */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== "")
    .map((term) => {
      const match = /^((?:[^\\=!]|\\.)*?)(!=|==|=)(.*)$/s.exec(term);
      const [, field, operator, value] = match ?? [];
      if (field === undefined || operator === undefined || value === undefined) {
        throw errors.badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      }
      return { field, operator: operator === "!=" ? "!=" : "=", value: unescapeValue(value) };
    });
}

/**
 * True when every requirement holds. `fields` gives a field's value, or undefined for a field that the
 * kind does not support, which is the client's 400.
 */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  fields: Readonly<Record<string, string>> | ((field: string) => string | undefined),
): boolean {
  return requirements.every(({ field, operator, value }) => {
    const actual = typeof fields === "function" ? fields(field) : fields[field];
    if (actual === undefined) throw errors.badRequest(`field label not supported: ${field}`);
    return (actual === value) === (operator === "=");
  });
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === ",") {
      terms.push(text.slice(start, index));
      start = index + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeValue(value: string): string {
  return value.replace(/\\([\s\S]?)|[,=]/g, (found, escaped: string | undefined) => {
    if (escaped === "\\" || escaped === "," || escaped === "=") return escaped;
    throw errors.badRequest(
      found.startsWith("\\")
        ? `invalid field selector: invalid escape sequence: ${found}`
        : `invalid field selector: unescaped character in value: ${found}`,
    );
  });
}
