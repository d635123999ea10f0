import { errors } from "#api/machinery/status-error";

/** What a client accepts of an object or a list, from its Accept header. */
export type ObjectForm = "object" | "table" | "partial" | "partialList";

const FORMS: Readonly<Record<string, ObjectForm>> = {
  Table: "table",
  PartialObjectMetadata: "partial",
  PartialObjectMetadataList: "partialList",
};

export interface AcceptClause {
  readonly mediaType: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Clauses in the client's order of preference (by q, then as written). */
export function parseAccept(accept: string | undefined): AcceptClause[] {
  const clauses = (accept || "*/*").split(",").map((text) => {
    const [mediaType = "", ...rest] = text.split(";").map((part) => part.trim());
    const parameters: Record<string, string> = {};
    for (const part of rest) {
      const [key = "", value = ""] = part.split("=");
      parameters[key] = value.replace(/^"|"$/g, "");
    }
    return { mediaType: mediaType.toLowerCase(), parameters };
  });
  const weight = (clause: AcceptClause): number => Number(clause.parameters.q ?? 1);
  return clauses.sort((left, right) => weight(right) - weight(left));
}

const JSON_TYPES = new Set(["application/json", "application/*", "*/*", "text/plain", "text/*"]);

/** The form of the first clause that can be served; 406 when there is none. */
export function objectForm(accept: string | undefined): ObjectForm {
  for (const { mediaType, parameters } of parseAccept(accept)) {
    if (!JSON_TYPES.has(mediaType) && mediaType !== "application/yaml") continue;
    if (!parameters.as) return "object";
    const isMeta = parameters.g === "meta.k8s.io" && parameters.v === "v1";
    const form = isMeta ? FORMS[parameters.as] : undefined;
    if (form) return form;
  }
  throw errors.notAcceptable("application/json, application/yaml");
}

/** Whether YAML is preferred to JSON. */
export function wantsYaml(accept: string | undefined): boolean {
  const served = parseAccept(accept).find(
    ({ mediaType }) => JSON_TYPES.has(mediaType) || mediaType === "application/yaml",
  );
  return served?.mediaType === "application/yaml";
}
