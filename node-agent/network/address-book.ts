import type { HostPort } from "#node-agent/network/network";
import {
  type AddressPool,
  type AddressRules,
  emptyPool,
  holdAddress,
  releaseAddress,
} from "#node-agent/network/address-pool";
import { bootFile } from "#node-agent/network/boot-file";

/**
 * The address pool of this node and the host ports of its pods, kept in one file.
 *
 * Invariants:
 * - What `hold` answers is on disk before it answers.
 * - After a reboot the book is empty: no pod survived it.
 */
export interface AddressBook {
  hold(rules: AddressRules, pod: { uid: string; hostPorts: readonly HostPort[] }): string;
  release(uid: string): void;
  uids(): readonly string[];
  /** The address of a pod with host ports or without. */
  ipOf(uid: string): string | undefined;
  hostPorts(): readonly { readonly ip: string; readonly hostPorts: readonly HostPort[] }[];
}

interface Page {
  readonly pool: AddressPool;
  /** By pod uid; pods without host ports are left out. */
  readonly hostPorts: Readonly<Record<string, readonly HostPort[]>>;
}

const blankPage: Page = { pool: emptyPool, hostPorts: {} };

export function openAddressBook(path: string, now: () => number): AddressBook {
  const file = bootFile<Page>(path);
  let page = notInFuture(file.read() ?? blankPage, now());
  const turn = (next: Page): void => {
    if (next === page) return;
    file.write(next);
    page = next;
  };
  return {
    hold(rules, { uid, hostPorts }) {
      const { pool, ip } = holdAddress(page.pool, rules, uid, now());
      const isKnown = pool === page.pool;
      if (!isKnown) {
        const wanted = hostPorts.length > 0 ? { [uid]: hostPorts } : {};
        turn({ pool, hostPorts: { ...page.hostPorts, ...wanted } });
      }
      return ip;
    },
    release(uid) {
      const pool = releaseAddress(page.pool, uid, now());
      if (pool === page.pool) return;
      const { [uid]: _gone, ...hostPorts } = page.hostPorts;
      turn({ pool, hostPorts });
    },
    uids: () => Object.keys(page.pool.held),
    ipOf: (uid) => page.pool.held[uid],
    hostPorts: () =>
      Object.entries(page.hostPorts).flatMap(([uid, hostPorts]) => {
        const ip = page.pool.held[uid];
        return ip ? [{ ip, hostPorts }] : [];
      }),
  };
}

/** A clock that was set back must not keep addresses in quarantine for longer than the rule says. */
function notInFuture(page: Page, nowMs: number): Page {
  const released = page.pool.released.map(({ ip, atMs }) => ({ ip, atMs: Math.min(atMs, nowMs) }));
  return { ...page, pool: { ...page.pool, released } };
}
