import { errorChain, type Log } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { latest } from "#node-agent/network/latest";
import { renderChange, renderWhole, type Ruleset } from "#node-agent/network/services/ruleset";
import type { ServicePort } from "#node-agent/network/services/service-port";
import { forgetFlow, staleFlows } from "#node-agent/network/services/stale-flows";

/**
 * The table in the kernel. nft applies a text as one transaction: a text that is refused changes nothing.
 *
 * Invariant: `applied` is what this process last put there; undefined means unknown, and then the next
 * application writes the whole table.
 */
export interface RuleKeeper {
  /** The newest wins. Rejects with one sentence when the kernel keeps the rules it had. */
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
    if (!before || !canForgetFlows) return;
    for (const flow of staleFlows(before.ports, after.ports)) {
      try {
        await run(forgetFlow(flow));
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        // It also fails when there is no such flow.
        if (!error.isMissing) continue;
        canForgetFlows = false;
        const advice = "install conntrack so that UDP clients leave removed endpoints at once";
        return log.warn("conntrack is not installed", { advice });
      }
    }
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
