import {
  type CompiledPolicy,
  compilePolicy,
  groupsOf,
  isSelected,
} from "#api/network-policy/compile";
import { endpointOfPod } from "#api/network-policy/endpoint";
import { keyOf } from "#api/machinery/meta";
import type { EndpointSlice, Namespace, NetworkPolicy, Node, Pod } from "#api/schema/types";
import type { Informer, InformerChange } from "#client/informer";
import type { Assignments } from "#control-plane/nodes/assignments";
import {
  apiServerEndpoint,
  dnsEndpoint,
  ingressEndpoint,
  isIngressNode,
  SYSTEM_NAMESPACE,
} from "#control-plane/nodes/cluster-endpoints";
import { policyEntry } from "#control-plane/nodes/policy-entry";
import { PolicyGroups } from "#control-plane/nodes/policy-groups";
import { type TableChange, VersionedTable } from "#control-plane/nodes/versioned-table";
import { encodeServerMessage } from "#proto/node-gateway";

export interface PolicySources {
  readonly pods: Informer<Pod>;
  readonly namespaces: Informer<Namespace>;
  readonly networkPolicies: Informer<NetworkPolicy>;
  readonly nodes: Informer<Node>;
  readonly endpointSlices: Informer<EndpointSlice>;
}

/** Of one node: by policy the uids of its pods that the policy selects. */
interface NodePolicies {
  readonly table: VersionedTable;
  readonly selected: Map<string, Set<string>>;
}

/**
 * What each node is told of the NetworkPolicies: those that select its pods, and the addresses that these name.
 *
 * Invariants: a node is told of no policy that is for none of its pods, and of no address that no such policy names.
 * What a node must be told changes only with the pods, policies and namespaces concerned. A node is remembered while a
 * policy selects one of its pods, or an agent of it asks.
 */
export class PolicyTables {
  /** Grows with every change of any table. */
  version = 0;
  private readonly policies = new Map<string, CompiledPolicy>();
  private readonly byNamespace = new Map<string, Map<string, CompiledPolicy>>();
  private readonly nodes = new Map<string, NodePolicies>();
  private readonly groups: PolicyGroups;
  private readonly sources: PolicySources;
  private readonly assignments: Assignments;
  private readonly onChange: () => void;

  constructor(
    sources: PolicySources,
    assignments: Assignments,
    dnsIp: string,
    onChange: () => void,
  ) {
    this.sources = sources;
    this.assignments = assignments;
    this.onChange = () => {
      this.version++;
      onChange();
    };
    this.groups = new PolicyGroups(this.onChange);
    this.groups.setEndpoint(SYSTEM_NAMESPACE, "cluster/dns", dnsEndpoint(dnsIp));
    follow(sources.namespaces, ({ previous, current }) =>
      this.groups.setNamespace((current ?? previous)?.metadata.name ?? "", current),
    );
    follow(sources.networkPolicies, (change) => this.movePolicy(change));
    follow(sources.pods, (change) => this.movePod(change));
    this.followIngress(sources.nodes);
    this.followApi(sources.endpointSlices);
  }

  get rememberedNodes(): number {
    return this.nodes.size;
  }

  /** The groups that the node's policies name, then the policies: in this order it is told of them. */
  of(nodeName: string): VersionedTable[] {
    const { selected, table } = this.nodeOf(nodeName);
    const policies = [...selected.keys()].flatMap((key) => this.policies.get(key) ?? []);
    const groups = policies.flatMap((policy) =>
      groupsOf(policy).flatMap((spec) => this.groups.tableOf(spec) ?? []),
    );
    return [...new Set(groups), table];
  }

  private followIngress(nodes: Informer<Node>): void {
    const look = (): void => {
      const endpoint = ingressEndpoint(nodes.list());
      this.groups.setEndpoint(SYSTEM_NAMESPACE, "cluster/ingress", endpoint);
    };
    nodes.onChange(({ previous, current }) => {
      const [before, after] = [previous, current].map((node) => node && ingressEndpoint([node]));
      const isMoved = before?.addresses.join() !== after?.addresses.join();
      if (isMoved || isIngressNode(previous) !== isIngressNode(current)) look();
    });
    look();
  }

  private followApi(slices: Informer<EndpointSlice>): void {
    const look = (): void => {
      const api = slices.inNamespace("default").filter(isOfApi);
      this.groups.setEndpoint(SYSTEM_NAMESPACE, "cluster/api", apiServerEndpoint(api));
    };
    slices.onChange(({ previous, current }) => {
      if (isOfApi((current ?? previous) as EndpointSlice)) look();
    });
    look();
  }

  private movePolicy({ previous, current }: InformerChange<NetworkPolicy>): void {
    const key = keyOf((current ?? previous) as NetworkPolicy);
    const before = this.policies.get(key);
    const after = current && compilePolicy(current);
    const namespace = (before ?? after)?.namespace ?? "";
    const neighbours = this.byNamespace.get(namespace) ?? new Map<string, CompiledPolicy>();
    // A group that both name is kept.
    for (const spec of after ? groupsOf(after) : []) this.groups.use(spec);
    for (const spec of before ? groupsOf(before) : []) this.groups.release(spec);
    if (after) {
      this.policies.set(key, after);
      this.byNamespace.set(namespace, neighbours.set(key, after));
    } else {
      this.policies.delete(key);
      neighbours.delete(key);
      if (neighbours.size === 0) this.byNamespace.delete(namespace);
    }
    const told = new Set<string>();
    for (const pod of this.sources.pods.inNamespace(namespace)) {
      const { nodeName } = pod.spec;
      if (nodeName && this.setSelected(nodeName, key, pod, after)) told.add(nodeName);
    }
    for (const [nodeName, { selected }] of this.nodes) {
      if (told.has(nodeName) || selected.has(key)) this.touch(nodeName, key);
    }
  }

  private movePod({ previous, current }: InformerChange<Pod>): void {
    const pod = (current ?? previous) as Pod;
    const namespace = pod.metadata.namespace ?? "";
    const policies = this.byNamespace.get(namespace) ?? new Map<string, CompiledPolicy>();
    const here = current?.spec.nodeName;
    const left = previous?.spec.nodeName;
    const hasLeft = left !== here || previous?.metadata.uid !== current?.metadata.uid;
    for (const [key, policy] of policies) {
      if (previous && left && hasLeft && this.setSelected(left, key, previous)) {
        this.touch(left, key);
      }
      if (current && here && this.setSelected(here, key, current, policy)) this.touch(here, key);
    }
    const endpoint = current && endpointOfPod(current);
    this.groups.setEndpoint(namespace, `pod/${pod.metadata.name}`, endpoint);
  }

  /** Without a policy: it selects nothing any more. True when that is another selection than before. */
  private setSelected(nodeName: string, key: string, pod: Pod, policy?: CompiledPolicy): boolean {
    const uid = pod.metadata.uid ?? "";
    const isNow = policy !== undefined && isSelected(policy, pod);
    const wasSo = this.nodes.get(nodeName)?.selected.get(key)?.has(uid) ?? false;
    if (isNow === wasSo) return false;
    const { selected } = this.nodeOf(nodeName);
    const uids = selected.get(key) ?? new Set<string>();
    if (isNow) uids.add(uid);
    else uids.delete(uid);
    if (uids.size > 0) selected.set(key, uids);
    else selected.delete(key);
    return true;
  }

  private touch(nodeName: string, key: string): void {
    const { table, selected } = this.nodeOf(nodeName);
    table.touch(key, selected.has(key));
    // A pod may name a node that never was. Who had this table is told of a new one, which is empty.
    if (selected.size === 0) this.nodes.delete(nodeName);
  }

  private nodeOf(nodeName: string): NodePolicies {
    const known = this.nodes.get(nodeName);
    if (known) return known;
    const selected = new Map<string, Set<string>>();
    const encode = ({ isFull, keys, removed }: TableChange): Buffer => {
      const policies = keys.flatMap((key) => {
        const policy = this.policies.get(key);
        const pods = [...(selected.get(key) ?? [])].flatMap(
          (uid) => this.assignments.get(nodeName, uid) ?? [],
        );
        return policy ? [policyEntry(policy, pods)] : [];
      });
      return encodeServerMessage({
        message: "policies",
        policies: { isFull, policies, removed: [...removed] },
      });
    };
    const node = { selected, table: new VersionedTable(encode, this.onChange) };
    this.nodes.set(nodeName, node);
    return node;
  }
}

function isOfApi({ metadata }: EndpointSlice): boolean {
  const service = metadata.labels?.["kubernetes.io/service-name"];
  return metadata.namespace === "default" && service === "kubernetes";
}

/** What is there, and every change from now on. */
function follow<T extends NetworkPolicy | Namespace | Pod>(
  informer: Informer<T>,
  take: (change: InformerChange<T>) => void,
): void {
  informer.onChange(take);
  for (const current of informer.list()) take({ previous: undefined, current });
}
