import type { Pod } from "#api/schema/types";
import { referencesOf, type TokenReference } from "#control-plane/nodes/references";
import type { MintedToken, TokenRequest } from "#control-plane/nodes/types";
import type { Cancel, Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";

/** A token is renewed when this part of its life has passed. */
const renewAfter = 0.8;
const retryMs = 5_000;

interface KeptToken {
  minted?: MintedToken;
  cancel?: Cancel;
  /** A token that was dropped meanwhile is not brought back by an answer that comes late. */
  isDropped: boolean;
}

export interface TokenKeeperOptions {
  readonly clock: Clock;
  readonly log: Log;
  mint(request: TokenRequest): Promise<MintedToken>;
  /** A token of this pod is new. */
  onToken(pod: Pod): void;
}

/**
 * Service account tokens of projected volumes, minted for pods of connected nodes and renewed in time. Lost on
 * restart and minted again: a token is good until it expires, whoever minted it.
 *
 * Invariant: one timer or one mint in flight per kept token; nothing is kept of a pod after `drop`.
 */
export class TokenKeeper {
  private readonly tokens = new Map<string, KeptToken>();
  private readonly options: TokenKeeperOptions;

  constructor(options: TokenKeeperOptions) {
    this.options = options;
  }

  get(key: string): MintedToken | undefined {
    return this.tokens.get(key)?.minted;
  }

  /** Starts minting what this pod needs and has not. */
  keep(pod: Pod): void {
    for (const reference of referencesOf(pod).tokens) {
      if (this.tokens.has(reference.key)) continue;
      const kept: KeptToken = { isDropped: false };
      this.tokens.set(reference.key, kept);
      void this.mint(pod, reference, kept);
    }
  }

  drop(pod: Pod): void {
    for (const { key } of referencesOf(pod).tokens) this.forget(key);
  }

  close(): void {
    for (const key of this.tokens.keys()) this.forget(key);
  }

  private forget(key: string): void {
    const kept = this.tokens.get(key);
    if (!kept) return;
    kept.isDropped = true;
    kept.cancel?.();
    this.tokens.delete(key);
  }

  /** Never rejects: what fails is tried again, and the pod's volume waits until then. */
  private async mint(pod: Pod, reference: TokenReference, kept: KeptToken): Promise<void> {
    const { clock, log, mint, onToken } = this.options;
    let againInMs = retryMs;
    try {
      const minted = await mint({
        serviceAccountName: pod.spec.serviceAccountName || "default",
        pod,
        ...(reference.audience ? { audience: reference.audience } : {}),
        expirationSeconds: reference.expirationSeconds,
      });
      if (kept.isDropped) return;
      kept.minted = minted;
      const lifeMs = Date.parse(minted.expirationTimestamp) - clock.now();
      againInMs = Math.max(retryMs, lifeMs * renewAfter);
      onToken(pod);
    } catch (error) {
      log.warn("a service account token was not minted", {
        pod: `${pod.metadata.namespace}/${pod.metadata.name}`,
        error: errorChain(error),
      });
    }
    if (!kept.isDropped) {
      kept.cancel = clock.after(againInMs, () => void this.mint(pod, reference, kept));
    }
  }
}
