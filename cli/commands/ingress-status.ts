import { existsSync } from "node:fs";
import { join } from "node:path";
import { requireRoot } from "#cli/component";
import { CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { rooms } from "#cli/rooms";
import { formatTable } from "#cli/table";
import { locationsFor } from "#kit/locations";

const formats = ["json", "yaml"] as const;

export const ingressStatusCommand = defineCommand({
  name: "ingress status",
  group: "cluster",
  summary: "Show the live upstreams of nginx, with requests, errors and requests in flight",
  flags: [rootDirFlag, outputFlag(formats)],
  examples: [
    { command: "kaji ingress status", explains: "what nginx serves now, asked of nginx itself" },
  ],
  async run(context) {
    requireRoot("kaji ingress status");
    const format = outputOf(context, formats);
    const upstreams = await readUpstreams(
      join(locationsFor(context.flag("root-dir")).run, "ingress"),
    );
    if (format === "json" || format === "yaml") {
      context.print(await formatValue(format, upstreams));
      return;
    }
    if (upstreams.length === 0) {
      context.note(
        "nginx serves no backend: no Ingress names a Service yet (see `kaji get ingresses -A`)",
      );
      return;
    }
    const rows = upstreams.flatMap(({ key, requests, errors, endpoints }) => {
      const counts = [String(requests), String(errors)];
      if (endpoints.length === 0) return [[key, "<none>", "0", ...counts]];
      return endpoints.map(({ address, inFlight }, at) => [
        at === 0 ? key : "",
        address,
        String(inFlight),
        ...(at === 0 ? counts : []),
      ]);
    });
    context.print(formatTable(["backend", "endpoint", "in flight", "requests", "errors"], rows));
  },
});

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
