import { errorChain, type Log } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import { latest } from "#node-agent/network/latest";
import { hardwareAddressOf } from "#node-agent/network/names";

export interface PodPort {
  readonly hostInterface: string;
  readonly ip: string;
}

/**
 * Pure. What a pod may put on the bridge: IPv4 and ARP in its own name. A pod that could send as another would have
 * the other's rights with every policy; one that could send by another's hardware address would be sent what is meant
 * for the other, for bridges learn from what they carry (after these rules); and IPv6, which no pod has an address of, would pass by all rules on
 * addresses that interfaces give themselves. `prefix` is how the names of pods' interfaces begin.
 */
export function renderGuard(table: string, prefix: string, pods: readonly PodPort[]): string {
  const bound = pods.map(
    ({ hostInterface, ip }) => `"${hostInterface}" . ${hardwareAddressOf(ip)} . ${ip}`,
  );
  const interfaces = pods.map(({ hostInterface }) => `"${hostInterface}"`);
  const elements = (keys: readonly string[]): string[] =>
    keys.length > 0 ? [`    elements = { ${keys.join(", ")} }`] : [];
  return `${[
    `add table bridge ${table}`,
    `delete table bridge ${table}`,
    `table bridge ${table} {`,
    "  set bound {",
    "    type ifname . ether_addr . ipv4_addr",
    ...elements(bound),
    "  }",
    "  set pods {",
    "    type ifname",
    ...elements(interfaces),
    "  }",
    "  chain guard {",
    "    type filter hook prerouting priority -300; policy accept;",
    `    iifname != "${prefix}*" accept`,
    "    ether type != { ip, arp } drop",
    "    ether type ip iifname . ether saddr . ip saddr @bound accept",
    "    ether type arp iifname . arp saddr ether . arp saddr ip != @bound iifname @pods drop",
    "    ether type arp iifname . ether saddr . arp saddr ip @bound accept",
    "    iifname @pods drop",
    "  }",
    "}",
  ].join("\n")}\n`;
}

export interface BridgeGuard {
  /** The newest wins. Rejects with one sentence when the bridge keeps the rules it had, if any. */
  apply(pods: readonly PodPort[]): Promise<void>;
  close(): Promise<void>;
}

/** Keeps the rules of the bridge; a kernel that has none for bridges is told of once, and then left alone. */
export function createBridgeGuard(
  { run, log }: { readonly run: RunCommand; readonly log: Log },
  table: string,
  prefix: string,
): BridgeGuard {
  let applied: string | undefined;
  let canGuard = true;
  const keeper = latest<readonly PodPort[]>(async (pods) => {
    const text = renderGuard(table, prefix, pods);
    if (text === applied || !canGuard) return;
    try {
      await run(["nft", "-f", "-"], text);
      applied = text;
    } catch (cause) {
      if (!isUnknownToKernel(cause)) {
        throw new Error("the bridge keeps the rules it had", { cause });
      }
      canGuard = false;
      const effect = "a pod may send with another pod's addresses";
      log.warn("the bridge cannot be guarded", { effect, reason: errorChain(cause) });
    }
  });
  return { apply: (pods) => keeper.push(pods), close: () => keeper.close() };
}

/** How nft repeats what a kernel says that has no rules for bridges; anything else passes. */
const UNKNOWN = /No such file or directory|not supported/;

function isUnknownToKernel(error: unknown): boolean {
  return error instanceof CommandFailed && !error.isCutShort && UNKNOWN.test(error.message);
}
