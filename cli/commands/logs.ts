import { pathOf } from "#api/machinery/define-kind";
import { type Connection, kubeconfigFlag, withConnection } from "#cli/admin-client";
import { type CommandContext, CommandError, defineCommand, rootDirFlag } from "#cli/define-command";
import { namespaceFlag, namespaceOf } from "#cli/objects";
import { statusErrorFrom } from "#client/status-response";

export const logsCommand = defineCommand({
  name: "logs",
  group: "objects",
  summary: "Print what a pod's containers wrote",
  args: [{ name: "pod", description: "the pod", isRequired: true }],
  flags: [
    rootDirFlag,
    kubeconfigFlag,
    namespaceFlag,
    { name: "container", short: "c", value: "NAME", description: "which, when there are several" },
    { name: "all", description: "every container, each line with its name" },
    { name: "follow", short: "f", description: "go on as it is written" },
    { name: "previous", short: "p", description: "of the run before the last restart" },
    { name: "tail", value: "LINES", description: "only the last lines" },
    { name: "timestamps", description: "with the time of each line" },
  ],
  examples: [
    { command: "kaji logs web-1 -f --tail 20", explains: "the last 20 lines and those to come" },
    { command: "kaji logs web-1 --all", explains: "every container" },
  ],
  async run(context) {
    const [pod = ""] = context.args;
    await withConnection(context, async (connection) => {
      if (!context.isSet("all")) {
        await stream(
          context,
          connection,
          pod,
          context.flag("container"),
          (chunk) => void process.stdout.write(chunk),
        );
        return;
      }
      const names = await containersOf(context, connection, pod);
      const copy = (name: string) => stream(context, connection, pod, name, prefixed(name));
      if (context.isSet("follow")) await Promise.all(names.map(copy));
      else for (const name of names) await copy(name);
    });
  },
});

async function containersOf(
  context: CommandContext,
  connection: Connection,
  name: string,
): Promise<readonly string[]> {
  const { podKind } = await import("#api/kinds/pod");
  const pod = await connection.client.get(podKind, name, namespaceOf(context, connection));
  const { initContainers = [], containers } = pod.spec ?? { containers: [] };
  return [...initContainers, ...containers].map((container) => container.name);
}

async function stream(
  context: CommandContext,
  connection: Connection,
  pod: string,
  container: string | undefined,
  write: (chunk: Uint8Array) => void,
): Promise<void> {
  const { podKind } = await import("#api/kinds/pod");
  const response = await connection.transport({
    method: "GET",
    path: `${pathOf(podKind, namespaceOf(context, connection), pod)}/log`,
    query: queryOf(context, container),
    signal: context.signal,
  });
  if (response.status >= 400) throw statusErrorFrom(response);
  if (response.type === "bytes") return write(response.bytes);
  if (response.type !== "stream") return;
  try {
    for await (const chunk of response.chunks) write(chunk);
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
}

function queryOf(context: CommandContext, container: string | undefined): URLSearchParams {
  const query = new URLSearchParams();
  if (container !== undefined) query.set("container", container);
  for (const flag of ["follow", "previous", "timestamps"]) {
    if (context.isSet(flag)) query.set(flag, "true");
  }
  const tail = context.flag("tail");
  if (tail !== undefined) {
    if (!/^\d+$/.test(tail))
      throw new CommandError(`--tail ${tail} is not a number of lines: give a whole number`);
    query.set("tailLines", tail);
  }
  return query;
}

/** Whole lines, so that the containers' do not mix. */
function prefixed(name: string): (chunk: Uint8Array) => void {
  let rest = "";
  const decoder = new TextDecoder();
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) process.stdout.write(`[${name}] ${line}\n`);
  };
}
