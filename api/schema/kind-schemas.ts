import { definitions } from "#api/schema/definitions";

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

let byKind: Map<string, string> | undefined;

/** ("apps/v1", "Deployment") -> "io.k8s.api.apps.v1.Deployment"; undefined for a kind without a schema. */
export function schemaNameOf(apiVersion: string, kind: string): string | undefined {
  byKind ??= indexKinds();
  return byKind.get(`${apiVersion} ${kind}`);
}

function indexKinds(): Map<string, string> {
  const index = new Map<string, string>();
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = definition["x-kubernetes-group-version-kind"] as GroupVersionKind[] | undefined;
    for (const { group, version, kind } of kinds ?? []) {
      index.set(`${group === "" ? version : `${group}/${version}`} ${kind}`, name);
    }
  }
  return index;
}
