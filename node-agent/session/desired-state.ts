import type {
  ConfigMap,
  EndpointSlice,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Secret,
  Service,
} from "#api/schema/types";
import type {
  DesiredState,
  PeerNode,
  PeerState,
  ServiceAccountToken,
  ServiceState,
  ServiceWithEndpoints,
} from "#node-agent/session/types";
import { PolicyPicture, type PolicyState } from "#node-agent/session/policy-picture";
import {
  type ConfigObject,
  type Desired,
  fromJson,
  type PeerTable,
  type PolicyGroup,
  type PolicyTable,
  type ServiceTable,
} from "#proto/agent";

/**
 * The newest desired state of this node, put together from full messages and changes.
 *
 * Invariant: after applying a full message the maps hold exactly what it names; a change touches only what it
 * names. Whoever gets a state sees the same live maps.
 */
export class DesiredPicture {
  private readonly pods = new Map<string, Pod>();
  private readonly configMaps = new Map<string, ConfigMap | undefined>();
  private readonly secrets = new Map<string, Secret | undefined>();
  private readonly claims = new Map<string, PersistentVolumeClaim | undefined>();
  private readonly volumes = new Map<string, PersistentVolume | undefined>();
  private readonly tokens = new Map<string, ServiceAccountToken>();
  private readonly services = new Map<string, ServiceWithEndpoints>();
  private readonly peers = new Map<string, PeerNode>();
  private readonly policies = new PolicyPicture();
  private hasAll = false;

  /** False as long as nothing is known about this pod, before the first full message. */
  isPodGone(uid: string): boolean {
    return this.hasAll && !this.pods.has(uid);
  }

  applyDesired(message: Desired): DesiredState {
    const isFull = message.isFull === true;
    const removedPods = isFull ? this.podsNotIn(message) : [...(message.removedPods ?? [])];
    const removedObjects = isFull ? this.objectsNotIn(message) : (message.removedObjects ?? []);
    for (const uid of removedPods) this.pods.delete(uid);
    for (const key of removedObjects) this.removeObject(key);
    const changedPods = (message.pods ?? []).map(({ uid = "", podJson }) => {
      this.pods.set(uid, fromJson<Pod>(podJson));
      return uid;
    });
    const changedObjects = (message.objects ?? []).map((object) => this.setObject(object));
    this.hasAll ||= isFull;
    return {
      generation: message.generation ?? 0,
      isFull,
      pods: this.pods,
      configMaps: this.configMaps,
      secrets: this.secrets,
      claims: this.claims,
      volumes: this.volumes,
      tokens: this.tokens,
      changedPods,
      removedPods,
      changedObjects: [...changedObjects, ...removedObjects],
    };
  }

  applyServices(message: ServiceTable): ServiceState {
    const changed: string[] = [];
    const named = new Set<string>();
    for (const entry of message.services ?? []) {
      const key = `${entry.namespace ?? ""}/${entry.name ?? ""}`;
      named.add(key);
      changed.push(key);
      this.services.set(key, {
        service: fromJson<Service>(entry.serviceJson),
        endpointSlices: (entry.endpointSlicesJson ?? []).map((json) =>
          fromJson<EndpointSlice>(json),
        ),
      });
    }
    const removed = message.isFull
      ? [...this.services.keys()].filter((key) => !named.has(key))
      : (message.removed ?? []);
    for (const key of removed) this.services.delete(key);
    return { services: this.services, changed: [...changed, ...removed] };
  }

  applyPolicies(message: PolicyTable): PolicyState {
    return this.policies.applyTable(message);
  }

  applyPolicyGroup(message: PolicyGroup): PolicyState {
    return this.policies.applyGroup(message);
  }

  applyPeers(message: PeerTable): PeerState {
    if (message.isFull) this.peers.clear();
    for (const { nodeName = "", internalIp = "", podCidr = "" } of message.peers ?? []) {
      this.peers.set(nodeName, { nodeName, internalIp, podCidr });
    }
    for (const name of message.removed ?? []) this.peers.delete(name);
    return this.peers;
  }

  private podsNotIn(message: Desired): string[] {
    const named = new Set((message.pods ?? []).map((pod) => pod.uid ?? ""));
    return [...this.pods.keys()].filter((uid) => !named.has(uid));
  }

  private objectsNotIn(message: Desired): string[] {
    const named = new Set((message.objects ?? []).map(keyOfObject));
    const known = [
      ...[...this.configMaps.keys()].map((key) => `ConfigMap/${key}`),
      ...[...this.secrets.keys()].map((key) => `Secret/${key}`),
      ...[...this.claims.keys()].map((key) => `PersistentVolumeClaim/${key}`),
      ...[...this.volumes.keys()].map((key) => `PersistentVolume//${key}`),
      ...[...this.tokens.keys()].map((key) => `Token/${key}`),
    ];
    return known.filter((key) => !named.has(key));
  }

  private setObject(object: ConfigObject): string {
    const key = keyOfObject(object);
    const shortKey = key.slice(key.indexOf("/") + 1);
    const exists = (object.json?.length ?? 0) > 0;
    switch (object.kind ?? "") {
      case "ConfigMap":
        this.configMaps.set(shortKey, exists ? fromJson<ConfigMap>(object.json) : undefined);
        break;
      case "Secret":
        this.secrets.set(shortKey, exists ? fromJson<Secret>(object.json) : undefined);
        break;
      case "PersistentVolumeClaim":
        this.claims.set(
          shortKey,
          exists ? fromJson<PersistentVolumeClaim>(object.json) : undefined,
        );
        break;
      case "PersistentVolume":
        this.volumes.set(
          object.name ?? "",
          exists ? fromJson<PersistentVolume>(object.json) : undefined,
        );
        break;
      case "Token":
        if (exists) this.tokens.set(shortKey, fromJson<ServiceAccountToken>(object.json));
        break;
    }
    return key;
  }

  private removeObject(key: string): void {
    const shortKey = key.slice(key.indexOf("/") + 1);
    if (key.startsWith("ConfigMap/")) this.configMaps.delete(shortKey);
    else if (key.startsWith("Secret/")) this.secrets.delete(shortKey);
    else if (key.startsWith("PersistentVolumeClaim/")) this.claims.delete(shortKey);
    else if (key.startsWith("PersistentVolume//")) this.volumes.delete(shortKey.slice(1));
    else if (key.startsWith("Token/")) this.tokens.delete(shortKey);
  }
}

/** "Secret/ns/name" and the like, "PersistentVolume//name" or "Token/POD_UID/VOLUME/PATH". */
function keyOfObject(object: ConfigObject): string {
  const { kind = "", namespace = "", name = "" } = object;
  return kind === "Token" ? `Token/${name}` : `${kind}/${namespace}/${name}`;
}
