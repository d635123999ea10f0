import { parseAllDocuments } from "yaml";
import { apiFetch, apiJson, ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { yamlOf } from "#dashboard/model/edit-object";
import { pathOf, type Resource, resource } from "#dashboard/model/resources";

/** Documents as people paste them, applied as `kubectl apply --server-side` does: in their order, one by one. */
export interface WantedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

export interface Outcome {
  /** "Deployment shop/web" */
  readonly title: string;
  /** undefined: it is not there yet. */
  readonly before: string | undefined;
  readonly after: string;
  /** The server's refusal. */
  readonly problem?: string;
}

export interface ApplyOptions {
  /** Of documents that name none. */
  readonly namespace: string;
  readonly isDryRun: boolean;
  /** Take over fields that somebody else manages. */
  readonly isForced: boolean;
}

export const MAX_LENGTH = 1_000_000;
const MAX_DOCUMENTS = 200;

/** Throws an Error that says which document is none. Lists are taken apart. */
export function parseObjects(text: string): WantedObject[] {
  if (text.length > MAX_LENGTH) throw new Error(`at most ${MAX_LENGTH} characters at once`);
  const objects = parseAllDocuments(text).flatMap((document, at) => {
    const [error] = document.errors;
    if (error) throw new Error(`document ${at + 1}: ${error.message}`);
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    return value === null ? [] : itemsOf(value).map((one) => checked(one, at + 1));
  });
  if (objects.length === 0) throw new Error("there is no object in it");
  if (objects.length > MAX_DOCUMENTS) throw new Error(`at most ${MAX_DOCUMENTS} objects at once`);
  return objects;
}

/** Stops at nothing: each document has its own outcome. */
export async function applyObjects(
  objects: readonly WantedObject[],
  options: ApplyOptions,
  onOutcome: (outcome: Outcome) => void,
): Promise<void> {
  for (const object of objects) onOutcome(await applyOne(object, options));
}

async function applyOne(object: WantedObject, options: ApplyOptions): Promise<Outcome> {
  const { name = "", namespace } = object.metadata;
  let title = `${object.kind} ${namespace ? `${namespace}/` : ""}${name}`;
  let before: string | undefined;
  try {
    const found = await resourceOf(object);
    const at = found.isNamespaced ? (namespace ?? options.namespace) : undefined;
    title = `${object.kind} ${at ? `${at}/` : ""}${name}`;
    before = await stored(found, at, name);
    const query = new URLSearchParams({
      ...{ fieldManager: "kaji-dashboard", fieldValidation: "Strict" },
      ...{ force: String(options.isForced) },
      ...(options.isDryRun ? { dryRun: "All" } : {}),
    });
    const response = await apiFetch(`${pathOf(found, at, name)}?${query.toString()}`, {
      method: "PATCH",
      contentType: "application/apply-patch+yaml",
      body: JSON.stringify(
        at ? { ...object, metadata: { ...object.metadata, namespace: at } } : object,
      ),
    });
    return { title, before, after: yamlOf(await response.json()) };
  } catch (error) {
    return { title, before, after: before ?? "", problem: sentenceOf(error) };
  }
}

async function stored(
  found: Resource,
  namespace: string | undefined,
  name: string,
): Promise<string | undefined> {
  try {
    return yamlOf(await apiJson(pathOf(found, namespace, name)));
  } catch (error) {
    if (error instanceof ApiRefusal && error.code === 404) return undefined;
    throw error;
  }
}

/** By discovery: what the server calls the kind in paths. */
async function resourceOf({ apiVersion, kind }: WantedObject): Promise<Resource> {
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = await apiJson<{
    resources: { name: string; kind: string; namespaced: boolean }[];
  }>(path);
  const found = resources.find((one) => one.kind === kind && !one.name.includes("/"));
  if (!found) throw new Error(`the server has no kind ${kind} in ${apiVersion}`);
  return resource(apiVersion, kind, found.name, found.namespaced);
}

function itemsOf(value: unknown): unknown[] {
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  return kind === "List" && Array.isArray(items) ? items : [value];
}

function checked(value: unknown, at: number): WantedObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<WantedObject>;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !metadata?.name) {
    throw new Error(`document ${at} has no apiVersion, no kind or no metadata.name`);
  }
  return value as WantedObject;
}
