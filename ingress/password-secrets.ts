import { secretKind } from "#api/kinds/secret";
import type { Secret } from "#api/schema/types";
import type { Informers } from "#client/shared-informers";

/**
 * The Secrets that Ingresses name for their passwords, each watched by itself from when it is first asked for:
 * the ingress reads no other Secret than these and certificates. One that was asked for is watched until the end of
 * the process; there are at most as many as Ingresses ever named.
 */
export function passwordSecrets(
  informers: Informers,
  onChange: () => void,
): (key: string) => Secret | undefined | "loading" {
  const synced = new Set<string>();
  const asked = new Set<string>();
  return (key) => {
    const [namespace = "", name = ""] = key.split("/");
    const informer = informers.for(secretKind, {
      namespace,
      fieldSelector: `metadata.name=${name}`,
    });
    if (!asked.has(key)) {
      asked.add(key);
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
