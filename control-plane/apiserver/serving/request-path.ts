/**
 * What a URL path names, by the rules of the Kubernetes API: /api/v1/... for the core group,
 * /apis/GROUP/VERSION/... for the others, then [namespaces/NAMESPACE/]RESOURCE[/NAME[/SUBRESOURCE]].
 */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly namespace?: string;
  readonly plural: string;
  readonly name?: string;
  readonly subresource?: string;
}

export type ParsedPath =
  | { readonly type: "resource"; readonly resource: ResourcePath }
  | { readonly type: "version"; readonly group: string; readonly version: string }
  | { readonly type: "other" };

export function parsePath(path: string): ParsedPath {
  const segments = path.split("/").filter((segment) => segment !== "");
  const isCore = segments[0] === "api";
  if (!isCore && segments[0] !== "apis") return { type: "other" };
  const group = isCore ? "" : segments[1];
  const version = isCore ? segments[1] : segments[2];
  if (group === undefined || version === undefined) return { type: "other" };
  const rest = segments.slice(isCore ? 2 : 3).map(decodeSegment);
  if (rest.length === 0) return { type: "version", group, version };
  const resource = resourceFrom(rest);
  return resource
    ? { type: "resource", resource: { group, version, ...resource } }
    : { type: "other" };
}

function resourceFrom(rest: string[]): Omit<ResourcePath, "group" | "version"> | undefined {
  const isScoped = rest[0] === "namespaces" && rest.length >= 3 && !isNamespaceSubresource(rest);
  const namespace = isScoped ? rest[1] : undefined;
  const [plural, name, subresource, ...more] = isScoped ? rest.slice(2) : rest;
  if (plural === undefined || more.length > 0) return undefined;
  return {
    plural,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** /namespaces/NAME/status and /finalize are of the namespace itself. */
function isNamespaceSubresource(rest: string[]): boolean {
  return rest.length === 3 && (rest[2] === "status" || rest[2] === "finalize");
}

export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray percent sign is then simply not found
  }
}
