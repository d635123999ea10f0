import { useScope } from "#dashboard/parts/scope";
import { useObjects } from "#dashboard/parts/use-collection";
import { resources } from "#dashboard/model/resources";

interface Namespace {
  readonly metadata: { readonly name: string };
}

/** The namespaces that there are; who may not list them types the name of one. */
export function NamespaceChoice() {
  const { namespace, choose } = useScope();
  const namespaces = useObjects<Namespace>(resources.namespaces);
  const names = [...namespaces.items.values()].map(({ metadata }) => metadata.name).sort();
  if (namespaces.problem && names.length === 0) {
    return (
      <input
        aria-label="Namespace"
        placeholder="namespace"
        value={namespace ?? ""}
        onChange={(event) => choose(event.currentTarget.value.trim() || undefined)}
      />
    );
  }
  return (
    <select
      aria-label="Namespace"
      value={namespace ?? ""}
      onChange={(event) => choose(event.currentTarget.value || undefined)}
    >
      <option value="">All namespaces</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
