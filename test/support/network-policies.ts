import type { Namespace, NetworkPolicy, NetworkPolicySpec, Pod } from "#api/schema/types";
import { networkPolicyKind } from "#api/kinds/network-policy";
import type { Kind } from "#api/machinery/define-kind";
import type { KubeObject } from "#api/machinery/meta";
import type { Informer, InformerChange } from "#client/informer";
import { Assignments } from "#control-plane/nodes/assignments";
import { PolicyTables } from "#control-plane/nodes/policy-tables";
import { ToldTables } from "#control-plane/nodes/told-tables";
import { PolicyPicture, type PolicyState } from "#node-agent/session/policy-picture";
import { ServerMessageCodec } from "#proto/agent";
import type { PolicyWorld } from "#test/support/network-policy-reference";

export function policyOf(namespace: string, name: string, spec: NetworkPolicySpec): NetworkPolicy {
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace },
    spec: structuredClone(spec),
  };
  networkPolicyKind.setDefaults(policy);
  return policy;
}

/** Objects held in memory that tell whoever follows them, as an informer does. */
export class HeldObjects<T extends KubeObject> implements Informer<T> {
  readonly kind = undefined as unknown as Kind<T>;
  readonly synced = Promise.resolve();
  private readonly objects = new Map<string, T>();
  private readonly handlers: ((change: InformerChange<T>) => void)[] = [];

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  list(): readonly T[] {
    return [...this.objects.values()];
  }

  inNamespace(namespace: string): readonly T[] {
    return this.list().filter(({ metadata }) => metadata.namespace === namespace);
  }

  onChange(handler: (change: InformerChange<T>) => void): void {
    this.handlers.push(handler);
  }

  set(key: string, current: T | undefined): void {
    const previous = this.objects.get(key);
    if (current) this.objects.set(key, current);
    else this.objects.delete(key);
    if (previous ?? current) for (const tell of this.handlers) tell({ previous, current });
  }

  /** These and no others. */
  become(objects: readonly T[]): void {
    const wanted = new Map(objects.map((one) => [heldKey(one), one]));
    for (const key of [...this.objects.keys()]) if (!wanted.has(key)) this.set(key, undefined);
    for (const [key, one] of wanted) if (this.objects.get(key) !== one) this.set(key, one);
  }
}

function heldKey({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

/** The server's tables and one node's picture of them, joined by encoded messages and no network. */
export class PolicyBench {
  readonly picture = new PolicyPicture();
  state: PolicyState = { policies: new Map(), groups: new Map() };
  bytesTold = 0;
  readonly tables: PolicyTables;
  private readonly sources = {
    pods: new HeldObjects<Pod>(),
    namespaces: new HeldObjects<Namespace>(),
    networkPolicies: new HeldObjects<NetworkPolicy>(),
    nodes: new HeldObjects<never>(),
    endpointSlices: new HeldObjects<never>(),
  };
  private readonly told = new ToldTables();
  private readonly nodeName: string;

  constructor(nodeName: string) {
    this.nodeName = nodeName;
    const assignments = new Assignments(this.sources.pods, () => undefined);
    this.tables = new PolicyTables(this.sources, assignments, "10.96.0.10", () => undefined);
  }

  become({ policies, namespaces, pods }: PolicyWorld): void {
    this.sources.namespaces.become(namespaces);
    this.sources.networkPolicies.become(policies);
    this.sources.pods.become(pods);
  }

  /** Everything that the server has to say arrives. */
  tell(): PolicyState {
    const needed = new Set(this.tables.of(this.nodeName));
    for (const bytes of [...this.told.news(needed), ...this.told.farewells(needed)]) {
      this.bytesTold += bytes.length;
      const message = ServerMessageCodec.decode(bytes);
      if (message.message === "policies") this.state = this.picture.applyTable(message.policies);
      else if (message.message === "policyGroup") {
        this.state = this.picture.applyGroup(message.policyGroup);
      }
    }
    return this.state;
  }
}
