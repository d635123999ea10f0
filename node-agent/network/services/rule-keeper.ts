import { errorChain, type Log } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { latest } from "#node-agent/network/latest";
import { renderChange, renderWhole, type Ruleset } from "#node-agent/network/services/ruleset";
import type { ServicePort } from "#node-agent/network/services/service-port";
import { forgetFlow, type StaleFlow, staleFlows } from "#node-agent/network/services/stale-flows";

/**
 * The table in the kernel. nft applies a text as one transaction: a text that is refused changes nothing.
 *
 * Invariant: `applied` is what this process last put there; undefined means unknown, and then the next
 * application writes the whole table.
 */
export interface RuleKeeper {
  /** The newest wins. Rejects with one sentence when something is left to do, and does that the next time. */
  apply(wanted: WantedRules): Promise<void>;
  close(): Promise<void>;
}

export interface WantedRules {
  readonly ruleset: Ruleset;
  readonly ports: readonly ServicePort[];
}

export function createRuleKeeper(run: RunCommand, log: Log): RuleKeeper {
  let applied: WantedRules | undefined;
  let canForgetFlows = true;
  /** Flows to endpoints that are gone, for which conntrack did not come to its answer. */
  let unforgotten: readonly StaleFlow[] = [];

  const write = async ({ ruleset }: WantedRules): Promise<void> => {
    const change = applied ? renderChange(applied.ruleset, ruleset) : renderWhole(ruleset);
    if (change === "") return;
    try {
      await run(["nft", "-f", "-"], change);
    } catch (error) {
      if (!applied) throw error;
      // Someone else may have touched the table.
      log.warn("nftables refused a change; writing the whole table", { reason: errorChain(error) });
      applied = undefined;
      await run(["nft", "-f", "-"], renderWhole(ruleset));
    }
  };

  const forget = async (before: WantedRules | undefined, after: WantedRules): Promise<void> => {
    if (!canForgetFlows) return;
    const flows = [...unforgotten, ...(before ? staleFlows(before.ports, after.ports) : [])];
    unforgotten = [];
    const causes: unknown[] = [];
    for (const flow of flows) {
      try {
        await run(forgetFlow(flow));
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        if (error.isCutShort) {
          unforgotten = [...unforgotten, flow];
          causes.push(error);
        }
        // It also fails when there is no such flow.
        if (!error.isMissing) continue;
        canForgetFlows = false;
        const advice = "install conntrack so that UDP clients leave removed endpoints at once";
        return log.warn("conntrack is not installed", { advice });
      }
    }
    if (causes.length === 0) return;
    throw new Error("UDP clients were not made to leave removed endpoints", { cause: causes[0] });
  };

  const keeper = latest<WantedRules>(async (wanted) => {
    const before = applied;
    try {
      await write(wanted);
    } catch (cause) {
      const { table } = wanted.ruleset;
      throw new Error(`nftables keeps the old rules of table inet ${table}`, { cause });
    }
    applied = wanted;
    await forget(before, wanted);
  });
  return { apply: (wanted) => keeper.push(wanted), close: () => keeper.close() };
}
