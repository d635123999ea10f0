import type { Node } from "#api/schema/types";
import type { Informer } from "#client/informer";
import { fullImageName } from "#control-plane/nodes/image-names";

/** A digest: how nodes call an image that came from no registry, beside its names. */
const LOCAL_ID = /^sha256:/;

/**
 * Which nodes have an image that was built or imported, by its whole name: an index over Node.status.images. What
 * came from a registry (a name with "@") is not in it: that is the registry's to give.
 *
 * Invariant: holds exactly what the informer's nodes say; one entry per name and node.
 */
export class OfferedImages {
  /** Name -> node -> id of the image, "sha256:...". */
  private readonly byName = new Map<string, Map<string, string>>();

  constructor(nodes: Pick<Informer<Node>, "list" | "onChange">) {
    const apply = (previous: Node | undefined, current: Node | undefined): void => {
      if (previous) this.remove(previous);
      if (current) this.add(current);
    };
    nodes.onChange(({ previous, current }) => apply(previous, current));
    for (const node of nodes.list()) apply(undefined, node);
  }

  /** The nodes that have something under this name, grouped by what it is. */
  holdersOf(image: string): readonly (readonly string[])[] {
    const groups = new Map<string, string[]>();
    for (const [nodeName, id] of this.byName.get(fullImageName(image)) ?? []) {
      groups.set(id, [...(groups.get(id) ?? []), nodeName]);
    }
    return [...groups.values()];
  }

  private add(node: Node): void {
    for (const { name, id } of localImages(node)) {
      const holders = this.byName.get(name) ?? new Map<string, string>();
      this.byName.set(name, holders.set(node.metadata.name, id));
    }
  }

  private remove(node: Node): void {
    for (const { name } of localImages(node)) {
      const holders = this.byName.get(name);
      holders?.delete(node.metadata.name);
      if (holders?.size === 0) this.byName.delete(name);
    }
  }
}

/** Pure. */
function localImages({ status }: Node): { readonly name: string; readonly id: string }[] {
  return (status?.images ?? []).flatMap(({ names = [] }) => {
    const id = names.find((name) => LOCAL_ID.test(name));
    if (id === undefined || names.some((name) => name.includes("@"))) return [];
    return names.filter((name) => name !== id).map((name) => ({ name, id }));
  });
}
