import { secretKind } from "#api/kinds/secret";
import type { Secret } from "#api/schema/types";
import { type Action, defineController, targetOf } from "#control-plane/controllers/controller";

/**
 * Deletes bootstrap tokens a day after their time is over: until then a host that comes with one is told that it has
 * expired, and not that it is unknown. Source: Kubernetes, "Token cleaner controller".
 */
const NAMESPACE = "kube-system";
const TYPE = "bootstrap.kubernetes.io/token";
export const KEEP_EXPIRED_MS = 24 * 3_600_000;
/** A timer cannot wait for months. */
const MAX_WAIT_MS = 24 * 3_600_000;

export const tokenCleaner = defineController<Secret, Secret>({
  name: "token-cleaner",
  reconciles: secretKind,
  watches: [],
  workers: 1,
  observe(caches, key) {
    const secret = caches.get(secretKind, key);
    const isToken = secret?.type === TYPE && secret.metadata.namespace === NAMESPACE;
    return isToken ? secret : undefined;
  },
  plan: planTokenCleaning,
});

export function planTokenCleaning(secret: Secret, nowMs: number): Action[] {
  const text = Buffer.from(secret.data?.expiration ?? "", "base64").toString();
  const leftMs = Date.parse(text) + KEEP_EXPIRED_MS - nowMs;
  if (Number.isNaN(leftMs)) return [];
  if (leftMs > 0) return [{ type: "requeue", afterMs: Math.min(leftMs, MAX_WAIT_MS) }];
  return [{ type: "delete", kind: secretKind, target: targetOf(secret) }];
}
