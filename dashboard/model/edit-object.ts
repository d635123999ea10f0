import { parse, stringify } from "yaml";
import { apiFetch, apiJson } from "#dashboard/model/api-request";
import { pathOf, type Resource } from "#dashboard/model/resources";

/** An object as people edit it: YAML without what only the server writes. */
interface AnyObject {
  readonly metadata: { readonly managedFields?: unknown };
}

export async function readYaml(
  resource: Resource,
  namespace: string | undefined,
  name: string,
): Promise<string> {
  return yamlOf(await apiJson<AnyObject>(pathOf(resource, namespace, name)));
}

/** What the server would store, by a dry run; throws ApiRefusal, or an Error for text that is no YAML. */
export async function tryYaml(
  resource: Resource,
  namespace: string | undefined,
  name: string,
  text: string,
): Promise<string> {
  return yamlOf(
    (await put(resource, namespace, name, text, "?dryRun=All&fieldValidation=Strict")) as AnyObject,
  );
}

export async function writeYaml(
  resource: Resource,
  namespace: string | undefined,
  name: string,
  text: string,
): Promise<void> {
  await put(resource, namespace, name, text, "?fieldValidation=Strict&fieldManager=kaji-dashboard");
}

async function put(
  resource: Resource,
  namespace: string | undefined,
  name: string,
  text: string,
  query: string,
): Promise<unknown> {
  const response = await apiFetch(pathOf(resource, namespace, name) + query, {
    method: "PUT",
    contentType: "application/json",
    body: JSON.stringify(parse(text, { maxAliasCount: 100 })),
  });
  return response.json();
}

export function yamlOf(object: AnyObject): string {
  const { managedFields: _, ...metadata } = object.metadata;
  return stringify({ ...object, metadata }, { lineWidth: 0 });
}
