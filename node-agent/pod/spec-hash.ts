import { createHash } from "node:crypto";
import type { Container } from "#api/schema/types";

/**
 * Changes when a running container must be replaced. As in Kubernetes only the image counts: everything else of
 * a container in a pod is immutable, and fields that a newer version adds must not restart anything.
 */
export function specHash(container: Container): string {
  const seed = JSON.stringify({ name: container.name, image: container.image ?? "" });
  return createHash("sha256").update(seed).digest("hex").slice(0, 16);
}
