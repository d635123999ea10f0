/**
 * `npm run bench -- network-policy`: what 1,000 policies for 100 pods of one node cost, of which each pod is selected by
 * 100 or by all; and what a new connection takes that 1, 100 or 1,000 policies are asked about, against none.
 */
import { writeFileSync } from "node:fs";
import type { Namespace, NetworkPolicy, Pod } from "#api/schema/types";
import { withPolicies } from "#node-agent/network/policy/render";
import { renderChange, renderWhole, type Ruleset } from "#node-agent/network/services/ruleset";
import type { PolicyState } from "#node-agent/session/policy-picture";
import { nodeConfig, openLab, whyNoNetwork } from "#test/e2e/network-lab";
import { PolicyBench, policyOf } from "#test/support/network-policies";

const POLICIES = 1_000;
const PODS = 100;
const PEERS = 1_000;
const CALLS = 1_000;

const empty: Ruleset = {
  table: "kaji",
  maps: new Map(),
  fixedChains: new Map(),
  elements: new Map(),
  learnedSets: new Map(),
  chains: new Map(),
};
const namespaces: Namespace[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" }, spec: {} },
];

function podOf(name: string, nodeName: string, ip: string, labels: Record<string, string>): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: `uid-${name}`, labels },
    spec: { nodeName, containers: [{ name: "main", image: "web" }] },
    status: { podIP: ip },
  };
}

function policies(slots: number): NetworkPolicy[] {
  return Array.from({ length: POLICIES }, (_, index) => {
    const peers = [{ podSelector: { matchLabels: { peer: `${index % 100}` } } }];
    return policyOf("default", `policy-${index}`, {
      podSelector: { matchLabels: { slot: `${index % slots}` } },
      ingress: [{ from: peers, ports: [{ port: 80 + index }] }],
      egress: [{ to: peers }],
    });
  });
}

async function timed(what: string, run: () => unknown): Promise<void> {
  const begin = performance.now();
  await run();
  console.log(`  ${what.padEnd(58)} ${(performance.now() - begin).toFixed(1).padStart(8)} ms`);
}

/** The planners, and the same texts in the kernel. */
async function planning(slots: number, apply: (text: string) => void): Promise<void> {
  console.log(`\n${POLICIES} policies, ${POLICIES / slots} of them for each of ${PODS} pods`);
  const own = Array.from({ length: PODS }, (_, index) =>
    podOf(`own-${index}`, "n1", `10.244.0.${index + 2}`, { slot: `${index % slots}` }),
  );
  const peers = Array.from({ length: PEERS }, (_, index) =>
    podOf(`peer-${index}`, "n2", `10.244.${1 + (index >> 8)}.${index & 255}`, {
      peer: `${index % 100}`,
    }),
  );
  const addresses = new Map(own.map(({ metadata, status }) => [metadata.uid, status?.podIP]));
  const bench = new PolicyBench("n1");
  let state: PolicyState = bench.state;
  let before = empty;
  let text = "";
  const all = policies(slots);
  const render = (): void => {
    const after = withPolicies(empty, "kaji0", state, (uid) => addresses.get(uid));
    text = before === empty ? renderWhole(after) : renderChange(before, after);
    before = after;
  };
  const step = async (what: string, now: NetworkPolicy[], pods: readonly Pod[]): Promise<void> => {
    const told = bench.bytesTold;
    await timed(`${what}: server`, () => {
      bench.become({ policies: now, namespaces, pods });
      state = bench.tell();
    });
    await timed(`${what}: agent renders`, render);
    const size = `${bench.bytesTold - told} bytes told, ${text.length} of nft`;
    await timed(`${what}: nft (${size})`, () => apply(text));
  };
  await step("all at once", all, [...own, ...peers]);
  await step("a peer goes", all, [...own, ...peers.slice(1)]);
  await step("a policy goes", all.slice(1), [...own, ...peers.slice(1)]);
}

/** Of one new connection after the other, the median in microseconds. */
const CALLER = `
const [host, count] = process.argv.slice(1);
const call = () => new Promise((resolve, reject) => {
  const begin = process.hrtime.bigint();
  const socket = require("net").connect({ host, port: 8080 }, () => {
    resolve(Number(process.hrtime.bigint() - begin) / 1e3);
    socket.destroy();
  });
  socket.on("error", reject);
});
(async () => {
  const times = [];
  for (let i = 0; i < +count; i++) times.push(await call());
  console.log(times.sort((a, b) => a - b)[times.length >> 1]);
})();
`;

const reason = whyNoNetwork();
if (reason) throw new Error(`network-policy: ${reason}`);
const lab = await openLab();
try {
  await lab.node.ask({ do: "configure", config: nodeConfig });
  const [a, b] = [await lab.addPod("a"), await lab.addPod("b")];
  await lab.serve("b", "b", 8080);
  await lab.node.ask({ do: "services", services: [] });
  console.log("\nnew connections between two pods of a node");
  for (const count of [0, 1, 100, 1_000]) {
    const group = { g: [a.ip] };
    const other = { o: ["10.244.9.9"] };
    const entries = Array.from({ length: count }, (_, index) => ({
      ...{ namespace: "default", name: `p${index}`, pods: [{ uid: "uid-b" }] },
      restrictsIngress: true,
      ingress: [{ peerGroups: [index === count - 1 ? "g" : "o"], anyPort: true }],
    }));
    await lab.node.ask({
      do: "policies",
      policies: { policies: entries, groups: { ...group, ...other } },
    });
    const median = lab.onMachine("a", process.execPath, "-e", CALLER, b.ip, `${CALLS}`).trim();
    console.log(
      `  ${String(count).padStart(5)} policies, the last lets it through: ${Number(median).toFixed(0)} us`,
    );
  }
  const inFile = (text: string): void => {
    writeFileSync(`${lab.root}/rules`, text);
    lab.onNode("nft", "-f", `${lab.root}/rules`);
  };
  for (const slots of [10, 1]) await planning(slots, inFile);
} finally {
  await lab.close();
}
