import { existsSync } from "node:fs";
import { join } from "node:path";
import { requireRoot } from "#cli/component";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { outputFlag, printListing } from "#cli/output";
import { rooms } from "#cli/rooms";
import { locationsFor } from "#kit/locations";

export const ingressStatusCommand = defineCommand({
  name: "ingress status",
  group: "cluster",
  summary: "Show the live upstreams of nginx, with requests, errors and requests in flight",
  flags: [rootDirFlag, outputFlag],
  examples: [
    { command: "kaji ingress status", explains: "what nginx serves now, asked of nginx itself" },
  ],
  async run(context) {
    requireRoot("kaji ingress status");
    const upstreams = await readUpstreams(
      join(locationsFor(context.flag("root-dir")).run, "ingress"),
    );
    await printListing(context, {
      rows: upstreams.flatMap(rowsOf),
      columns: [
        { name: "backend", value: ({ upstream }) => upstream?.key ?? "" },
        { name: "endpoint", value: ({ address }) => address },
        { name: "in flight", value: ({ inFlight }) => String(inFlight) },
        { name: "requests", value: ({ upstream }) => String(upstream?.requests ?? "") },
        { name: "errors", value: ({ upstream }) => String(upstream?.errors ?? "") },
      ],
      nameOf: ({ key, address }) => `${key} ${address}`,
      value: upstreams,
      none: "nginx serves no backend: no Ingress names a Service yet (see `kaji get ingresses -A`)",
    });
  },
});

interface Row {
  readonly key: string;
  readonly address: string;
  readonly inFlight: number;
  /** On the first row of a backend: what is counted for all its endpoints. */
  readonly upstream?: Upstream;
}

function rowsOf(upstream: Upstream): Row[] {
  const { key, endpoints } = upstream;
  if (endpoints.length === 0) return [{ key, address: "<none>", inFlight: 0, upstream }];
  return endpoints.map((endpoint, at) => ({ key, ...endpoint, ...(at === 0 ? { upstream } : {}) }));
}

interface Upstream {
  readonly key: string;
  readonly requests: number;
  readonly errors: number;
  readonly endpoints: readonly { readonly address: string; readonly inFlight: number }[];
}

async function readUpstreams(runDir: string): Promise<readonly Upstream[]> {
  const socket = join(runDir, "admin.sock");
  const [{ createNginxAdmin }, { nginxPid, workerPids }] = await Promise.all([
    rooms.nginxAdmin(),
    rooms.nginxProcess(),
  ]);
  const master = nginxPid(runDir);
  if (master === undefined || !existsSync(socket)) {
    throw new CommandError("the ingress is not running on this host: start it with `kaji up`");
  }
  const admin = createNginxAdmin(socket);
  const workers = workerPids(master);
  // A request is counted under its endpoint and the worker that carries it.
  const inFlight = async (address: string): Promise<number> => {
    const counts = await admin.counters(workers.map((pid) => `${address}|${pid}`));
    return counts.reduce((sum, count) => sum + Math.max(0, count), 0);
  };
  const backends = [...(await admin.backends())].sort((a, b) => a.key.localeCompare(b.key));
  return Promise.all(
    backends.map(async ({ key, addresses, requests, errors }) => ({
      key,
      requests,
      errors,
      endpoints: await Promise.all(
        addresses.map(async (address) => ({ address, inFlight: await inFlight(address) })),
      ),
    })),
  );
}
