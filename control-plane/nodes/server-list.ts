import { VersionedTable } from "#control-plane/nodes/versioned-table";
import type { ServerDirectory } from "#control-plane/servers/types";
import { encodeServerMessage } from "#proto/node-gateway";

/** Which gateways an agent may dial: always told as a whole. */
export function createServerList(servers: ServerDirectory, onChange: () => void): VersionedTable {
  const encode = (): Buffer =>
    encodeServerMessage({
      message: "servers",
      servers: { gateways: servers.list().map(({ gatewayAddress }) => gatewayAddress) },
    });
  const table = new VersionedTable(encode, onChange);
  servers.onChange(() => table.touch("servers", true));
  table.touch("servers", true);
  return table;
}
