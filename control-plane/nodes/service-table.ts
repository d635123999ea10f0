import type { EndpointSlice, Service } from "#api/schema/types";
import { keyOf } from "#api/machinery/meta";
import type { Informer } from "#client/informer";
import { type TableChange, VersionedTable } from "#control-plane/nodes/versioned-table";
import { type ServiceEntry, toJson } from "#proto/agent";
import { encodeServerMessage } from "#proto/node-gateway";

/** Every Service with its EndpointSlices, by "namespace/name", for the nodes. */
export function createServiceTable(
  services: Informer<Service>,
  endpointSlices: Informer<EndpointSlice>,
  onChange: () => void,
): VersionedTable {
  const slices = new Map<string, Map<string, EndpointSlice>>();
  const entryOf = (key: string): ServiceEntry[] => {
    const service = services.get(key);
    if (!service) return [];
    return [
      {
        namespace: service.metadata.namespace ?? "",
        name: service.metadata.name,
        serviceJson: toJson(service),
        endpointSlicesJson: [...(slices.get(key)?.values() ?? [])].map(toJson),
      },
    ];
  };
  const encode = ({ isFull, keys, removed }: TableChange): Buffer =>
    encodeServerMessage({
      message: "services",
      services: { isFull, services: keys.flatMap(entryOf), removed: [...removed] },
    });
  const table = new VersionedTable(encode, onChange);
  const touch = (key: string): void => table.touch(key, services.get(key) !== undefined);
  const moveSlice = (slice: EndpointSlice, current: EndpointSlice | undefined): void => {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (!service) return;
    const key = `${slice.metadata.namespace}/${service}`;
    const ofService = slices.get(key) ?? new Map<string, EndpointSlice>();
    if (current) ofService.set(slice.metadata.name, current);
    else ofService.delete(slice.metadata.name);
    if (ofService.size > 0) slices.set(key, ofService);
    else slices.delete(key);
    if (services.get(key)) touch(key);
  };
  services.onChange(({ previous, current }) => touch(keyOf(current ?? (previous as Service))));
  endpointSlices.onChange(({ previous, current }) => {
    if (previous) moveSlice(previous, undefined);
    if (current) moveSlice(current, current);
  });
  for (const service of services.list()) touch(keyOf(service));
  for (const slice of endpointSlices.list()) moveSlice(slice, slice);
  return table;
}
