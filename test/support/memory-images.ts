import { createHash } from "node:crypto";
import { type Image, type ImageService, type PullOptions, RuntimeError } from "#runtime/runtime";

/** Images by name only. What is in `registry` can be pulled; everything else is not found there. */
export interface MemoryImages extends ImageService {
  readonly registry: Set<string>;
  readonly pulls: readonly { reference: string; options: PullOptions }[];
  add(reference: string): Image;
}

export function createMemoryImages(): MemoryImages {
  const present = new Map<string, Image>();
  const registry = new Set<string>();
  const pulls: { reference: string; options: PullOptions }[] = [];
  const add = (reference: string): Image => {
    const id = `sha256:${createHash("sha256").update(reference).digest("hex")}`;
    const image: Image = {
      id,
      references: [reference],
      repoDigests: [],
      sizeBytes: 1234,
      os: "linux",
      architecture: "amd64",
      config: { env: [], entrypoint: [], cmd: ["run"], exposedPorts: [], labels: {} },
    };
    present.set(reference, image);
    return image;
  };
  const find = (reference: string) =>
    present.get(reference) ?? [...present.values()].find((image) => image.id === reference);
  return {
    registry,
    pulls,
    add,
    list: async () => [...present.values()],
    status: async (reference) => find(reference),
    async pull(reference, options) {
      pulls.push({ reference, options });
      if (registry.has(reference)) return add(reference);
      throw new RuntimeError("ErrImagePull", `${reference}: not found`);
    },
    async remove(reference) {
      present.delete(reference);
    },
  };
}
