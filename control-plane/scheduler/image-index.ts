import type { Node } from "#api/schema/types";

/** Which nodes have which images. Part of the Snapshot. */
export class ImageIndex {
  /** By every name an image is known by. */
  private readonly images = new Map<string, Map<number, number>>();
  private readonly namesOf = new Map<number, readonly string[]>();

  /** The size in bytes per node index; undefined: no node has it. */
  nodesWith(image: string): ReadonlyMap<number, number> | undefined {
    return this.images.get(image);
  }

  /** undefined: the node is gone. */
  setNode(index: number, node: Node | undefined): void {
    for (const name of this.namesOf.get(index) ?? []) this.forget(name, index);
    this.namesOf.delete(index);
    const images = node?.status?.images ?? [];
    if (images.length === 0) return;
    const names: string[] = [];
    for (const image of images) {
      for (const name of image.names ?? []) {
        names.push(name);
        const sizes = this.images.get(name) ?? new Map<number, number>();
        sizes.set(index, image.sizeBytes ?? 0);
        this.images.set(name, sizes);
      }
    }
    this.namesOf.set(index, names);
  }

  private forget(name: string, index: number): void {
    const sizes = this.images.get(name);
    sizes?.delete(index);
    if (sizes?.size === 0) this.images.delete(name);
  }
}
