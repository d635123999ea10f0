import { beforeEach, describe, expect, test } from "vitest";
import { silentLog } from "#kit/log";
import { CommandFailed, type RunCommand } from "#node-agent/network/command";
import {
  createRuleKeeper,
  type RuleKeeper,
  type WantedRules,
} from "#node-agent/network/services/rule-keeper";

const killed = new CommandFailed("it was killed by SIGKILL", false, { isCutShort: true });

/** A Service over UDP with these endpoints, which are elements of one set. */
function dnsWith(...ips: readonly string[]): WantedRules {
  const endpoints = ips.map((ip) => ({ ip, port: 53, isLocal: true }));
  return {
    ruleset: {
      table: "kaji",
      maps: new Map([["endpoints", { kind: "set", type: "ipv4_addr" }]]),
      fixedChains: new Map(),
      elements: new Map([["endpoints", new Map(ips.map((ip) => [ip, ""]))]]),
      learnedSets: new Map(),
      chains: new Map(),
    },
    ports: [
      {
        ...{ id: "default/dns/udp/53", protocol: "udp", port: 53 },
        ...{ clusterIps: ["10.96.0.9"], externalIps: [], nodePort: undefined },
        ...{ endpoints, localEndpoints: endpoints },
        ...{ isInternalLocal: false, isExternalLocal: false, affinitySeconds: undefined },
      },
    ],
  };
}

describe("the keeper of rules", () => {
  let runs: string[];
  let failures: Map<string, CommandFailed>;
  let keeper: RuleKeeper;
  /** What a tool of that name did not do, once. */
  const run: RunCommand = async ([tool = "", ...args], text = "") => {
    runs.push(tool === "nft" ? text : args.join(" "));
    const failure = failures.get(tool);
    failures.delete(tool);
    if (failure) throw failure;
    return "";
  };

  beforeEach(() => {
    runs = [];
    failures = new Map();
    keeper = createRuleKeeper(run, silentLog);
  });

  test("makes UDP clients leave a removed endpoint, also when that was cut short at first", async () => {
    await keeper.apply(dnsWith("10.244.0.2", "10.244.0.3"));
    failures.set("conntrack", killed);
    await expect(keeper.apply(dnsWith("10.244.0.2"))).rejects.toThrow(
      "UDP clients were not made to leave removed endpoints",
    );
    const forgets =
      "--delete --proto udp --orig-dst 10.96.0.9 --orig-port-dst 53 --reply-src 10.244.0.3";
    expect(runs.at(-1)).toBe(forgets);
    runs = [];
    await keeper.apply(dnsWith("10.244.0.2"));
    expect(runs).toEqual([forgets]);
    await keeper.apply(dnsWith("10.244.0.2"));
    expect(runs).toEqual([forgets]);
  });

  test("takes it for done when there was no such flow", async () => {
    await keeper.apply(dnsWith("10.244.0.3"));
    failures.set("conntrack", new CommandFailed("conntrack failed with 1: 0 deleted", false));
    await keeper.apply(dnsWith());
    runs = [];
    await keeper.apply(dnsWith());
    expect(runs).toEqual([]);
  });

  test("writes the whole table when a change was cut short, for who knows what it did", async () => {
    await keeper.apply(dnsWith("10.244.0.2"));
    runs = [];
    failures.set("nft", killed);
    await keeper.apply(dnsWith("10.244.0.3"));
    expect(runs.slice(0, 2)).toEqual([
      expect.stringMatching(/^delete element/),
      expect.stringMatching(/^add table inet kaji\ndelete table inet kaji\n/),
    ]);
  });
});
