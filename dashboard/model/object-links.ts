import { explainers } from "#api/why/index";
import { objectParts, type Resource } from "#dashboard/model/resources";
import { hrefOf } from "#dashboard/model/route";

/** Kinds with a page of their own, by plural. */
const OWN_PAGES: readonly string[] = ["pods", "deployments"];

/** The address of an object's page, by what the API calls it. */
export function hrefOfObject(one: Resource, namespace: string | undefined, name: string): string {
  if (one.plural === "tenants" && one.group === "kaji.dev") return hrefOf(["tenants", name]);
  const isOwn = OWN_PAGES.includes(one.plural) && (one.group || "apps") === "apps";
  const head = isOwn ? [one.plural] : objectParts(one);
  return hrefOf([...head, namespace ?? "-", name]);
}

/** By its kind alone, as events name it; undefined: there is no page to find without asking the server. */
export function hrefOfKind(
  kind: string,
  namespace: string | undefined,
  name: string,
): string | undefined {
  const known = explainers.find((one) => one.kind === kind);
  return known && hrefOfObject(known, known.isNamespaced ? namespace : undefined, name);
}
