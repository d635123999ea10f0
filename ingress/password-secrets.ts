import { secretKind } from "#api/kinds/secret";
import type { Informers } from "#client/shared-informers";
import type { ClusterView } from "#ingress/plan/plan";

/**
 * The Secrets that Ingresses name for their passwords, each watched by itself from when it is first asked for:
 * the ingress reads no other Secret than these and certificates. One that was asked for is watched until the end of
 * the process; of a namespace there are at most MAX_OF_NAMESPACE, so that nobody who names one after the other uses up
 * the connection that everybody's Ingresses are read by.
 */
const MAX_OF_NAMESPACE = 100;

export function passwordSecrets(
  informers: Informers,
  onChange: () => void,
): ClusterView["passwordSecret"] {
  const synced = new Set<string>();
  const asked = new Set<string>();
  const counts = new Map<string, number>();
  return (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const count = counts.get(namespace) ?? 0;
    if (!asked.has(key) && count >= MAX_OF_NAMESPACE) return "too many";
    const informer = informers.for(secretKind, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
    });
    if (!asked.has(key)) {
      asked.add(key);
      counts.set(namespace, count + 1);
      informer.onChange(onChange);
      const isRead = (): void => {
        synced.add(key);
        onChange();
      };
      // It fails when the process is stopped before: then nobody waits for it any more.
      void informer.synced.then(isRead, () => {});
    }
    return synced.has(key) ? informer.get(key) : "loading";
  };
}
