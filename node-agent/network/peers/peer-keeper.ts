import type { Cancel, Clock } from "#kit/clock";
import { errorChain, type Log } from "#kit/log";
import type { RunCommand } from "#node-agent/network/command";
import { latest } from "#node-agent/network/latest";
import {
  type PeerChanges,
  type RoutingState,
  planChanges,
  stateOf,
} from "#node-agent/network/peers/changes";
import { findLinks, findRouting } from "#node-agent/network/peers/find";
import { type OwnNode, planPeers } from "#node-agent/network/peers/plan";
import type { PeerNode } from "#node-agent/session/types";

/**
 * The routes and the tunnel to the pods of other nodes, in the kernel.
 *
 * Invariant: `applied` is what this process last put there; undefined means unknown (at the start, after a
 * failure, in doubt, and at every check), and then the kernel is asked. An interface that goes down takes its routes
 * with it, and nobody says so: the check finds that. A node without peers is checked until nothing is left of them.
 */
export interface PeerKeeper {
  /** The newest wins. Rejects with one sentence; what could be applied is, and the next check tries again. */
  apply(wanted: WantedPeers): Promise<void>;
  /** Something has happened to this node's network: the next application asks the kernel. */
  doubt(): void;
  close(): Promise<void>;
}

export interface WantedPeers {
  readonly own: OwnNode;
  readonly peers: ReadonlyMap<string, PeerNode>;
}

const checkMs = 15_000;

export function createPeerKeeper(run: RunCommand, clock: Clock, log: Log): PeerKeeper {
  let applied: RoutingState | undefined;
  let isDoubtful = false;
  let cancelCheck: Cancel | undefined;
  let isClosed = false;
  /** Said once, not at every check. */
  let failure = "";

  const write = async ({ own, peers }: WantedPeers): Promise<void> => {
    const wanted = stateOf(planPeers(own, peers.values(), await findLinks(run)));
    const trusted = isDoubtful ? undefined : applied;
    isDoubtful = false;
    applied = undefined;
    try {
      await perform(run, planChanges(trusted ?? (await findRouting(run, own)), wanted));
    } catch (error) {
      if (!trusted) throw error;
      // Somebody else has changed something, or an interface has: what is there now?
      await perform(run, planChanges(await findRouting(run, own), wanted));
    }
    applied = wanted;
  };
  const keeper = latest<WantedPeers>(async (wanted) => {
    cancelCheck?.();
    let isChecked = wanted.peers.size > 1;
    try {
      await write(wanted);
    } catch (cause) {
      isChecked = true;
      throw new Error("the routes to the pods of other nodes are not as they should be", { cause });
    } finally {
      if (!isClosed && isChecked) cancelCheck = clock.after(checkMs, () => check(wanted));
    }
  });
  const check = (wanted: WantedPeers): void => {
    isDoubtful = true;
    keeper.push(wanted).then(
      () => {
        failure = "";
      },
      (error: unknown) => {
        const why = errorChain(error);
        if (why !== failure) log.warn("the pods of other nodes are not reached", { why });
        failure = why;
      },
    );
  };
  return {
    apply: (wanted) => keeper.push(wanted),
    doubt() {
      isDoubtful = true;
    },
    async close() {
      isClosed = true;
      cancelCheck?.();
      await keeper.close();
    },
  };
}

/** -force: what one line cannot do, because an interface is down, keeps no other from being done. */
async function perform(run: RunCommand, { ip, bridge }: PeerChanges): Promise<void> {
  if (ip.length > 0) await run(["ip", "-force", "-batch", "-"], `${ip.join("\n")}\n`);
  if (bridge.length > 0) await run(["bridge", "-force", "-batch", "-"], `${bridge.join("\n")}\n`);
}
