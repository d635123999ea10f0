import type { EndpointSlice, Service } from "#api/schema/types";
import { keyOf } from "#api/machinery/meta";
import type { Informer } from "#client/informer";
import { type ServiceEntry, toJson } from "#proto/agent";
import { encodeServerMessage } from "#proto/node-gateway";

/** Removals remembered, so that a node that is behind hears of them; a node further behind gets all again. */
const maxTombstones = 10_000;

/**
 * Every Service with its EndpointSlices, as a log of versions: each node is told what changed since the
 * version it has, and nodes at the same version share one encoded message.
 *
 * Invariant: version grows with every change; `entries` and `tombstones` never name the same key.
 */
export class ServiceLog {
  version = 0;
  private readonly entries = new Map<string, number>();
  private readonly tombstones = new Map<string, number>();
  private readonly slices = new Map<string, Map<string, EndpointSlice>>();
  private readonly encoded = new Map<number, Buffer>();
  private oldestVersion = 0;
  private readonly services: Informer<Service>;
  private readonly onChange: () => void;

  constructor(
    services: Informer<Service>,
    endpointSlices: Informer<EndpointSlice>,
    onChange: () => void,
  ) {
    this.services = services;
    this.onChange = onChange;
    services.onChange(({ previous, current }) =>
      this.touch(keyOf(current ?? (previous as Service))),
    );
    endpointSlices.onChange(({ previous, current }) => {
      if (previous) this.moveSlice(previous, undefined);
      if (current) this.moveSlice(current, current);
    });
    for (const service of services.list()) this.touch(keyOf(service));
    for (const slice of endpointSlices.list()) this.moveSlice(slice, slice);
  }

  /** The message for a node that has `since`; undefined as `since`: it has nothing. */
  messageSince(since: number | undefined): Buffer {
    const isFull = since === undefined || since < this.oldestVersion;
    const from = isFull ? -1 : since;
    const known = this.encoded.get(from);
    if (known) return known;
    const services = [...this.entries].filter(([, version]) => version > from);
    const removed = isFull ? [] : [...this.tombstones].filter(([, version]) => version > from);
    const message = encodeServerMessage({
      message: "services",
      services: {
        isFull,
        services: services.flatMap(([key]) => this.entryOf(key)),
        removed: removed.map(([key]) => key),
      },
    });
    this.encoded.set(from, message);
    return message;
  }

  private touch(key: string): void {
    this.version++;
    this.encoded.clear();
    if (this.services.get(key)) {
      this.tombstones.delete(key);
      this.entries.set(key, this.version);
    } else if (this.entries.delete(key)) {
      this.tombstones.set(key, this.version);
      this.forgetOldTombstones();
    }
    this.onChange();
  }

  private moveSlice(slice: EndpointSlice, current: EndpointSlice | undefined): void {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (!service) return;
    const key = `${slice.metadata.namespace}/${service}`;
    const ofService = this.slices.get(key) ?? new Map<string, EndpointSlice>();
    if (current) ofService.set(slice.metadata.name, current);
    else ofService.delete(slice.metadata.name);
    if (ofService.size > 0) this.slices.set(key, ofService);
    else this.slices.delete(key);
    if (this.services.get(key)) this.touch(key);
  }

  private entryOf(key: string): ServiceEntry[] {
    const service = this.services.get(key);
    if (!service) return [];
    const slices = [...(this.slices.get(key)?.values() ?? [])];
    return [
      {
        namespace: service.metadata.namespace ?? "",
        name: service.metadata.name,
        serviceJson: toJson(service),
        endpointSlicesJson: slices.map(toJson),
      },
    ];
  }

  private forgetOldTombstones(): void {
    for (const [key, version] of this.tombstones) {
      if (this.tombstones.size <= maxTombstones) return;
      this.tombstones.delete(key);
      this.oldestVersion = version;
    }
  }
}
