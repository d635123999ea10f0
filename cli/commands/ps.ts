import { requireRoot } from "#cli/component";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatAge, formatBytes, shortId } from "#cli/format";
import { type HostContainer, hostContainers } from "#cli/host-containers";
import { type Column, outputFlag, printListing } from "#cli/output";
import { locationsFor } from "#kit/locations";

export const psCommand = defineCommand({
  name: "ps",
  group: "cluster",
  summary: "List the containers of this host, also while the control plane is down",
  flags: [rootDirFlag, outputFlag],
  examples: [
    { command: "kaji ps", explains: "pod, container, image, state, age, memory and pid" },
    { command: "kaji ps -o wide", explains: "with the id that the runtime gave it" },
  ],
  async run(context) {
    requireRoot("kaji ps");
    const containers = await hostContainers(locationsFor(context.flag("root-dir")));
    await printListing(context, {
      rows: containers.toSorted(byPod),
      columns: columnsAt(Date.now()),
      nameOf: ({ namespace, pod, name }) => `${namespace}/${pod}/${name}`,
      none: "no containers on this host",
    });
  },
});

function byPod(one: HostContainer, other: HostContainer): number {
  return (
    one.namespace.localeCompare(other.namespace) ||
    one.pod.localeCompare(other.pod) ||
    one.createdAtMs - other.createdAtMs
  );
}

function columnsAt(nowMs: number): readonly Column<HostContainer>[] {
  return [
    { name: "namespace", value: ({ namespace }) => namespace },
    { name: "pod", value: ({ pod }) => pod },
    { name: "container", value: ({ name }) => name },
    { name: "image", value: ({ image }) => image },
    { name: "state", value: ({ state }) => state },
    { name: "age", value: ({ createdAtMs }) => formatAge(nowMs - createdAtMs) },
    { name: "rss", value: ({ memory }) => bytes(memory?.rssBytes) },
    { name: "working set", value: ({ memory }) => bytes(memory?.workingSetBytes) },
    { name: "pid", value: ({ pid }) => String(pid ?? "-") },
    { name: "id", isWide: true, value: ({ id }) => shortId(id) },
  ];
}

function bytes(value: number | undefined): string {
  return value === undefined ? "-" : formatBytes(value);
}
