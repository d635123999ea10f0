import { requireRoot } from "#cli/component";
import { defineCommand, rootDirFlag } from "#cli/define-command";
import { formatAge, formatBytes, shortId } from "#cli/format";
import { hostContainers } from "#cli/host-containers";
import { formatValue, outputFlag, outputOf } from "#cli/output";
import { formatTable } from "#cli/table";
import { locationsFor } from "#kit/locations";

const formats = ["wide", "json", "yaml"] as const;

export const psCommand = defineCommand({
  name: "ps",
  group: "cluster",
  summary: "List the containers of this host, also while the control plane is down",
  flags: [rootDirFlag, outputFlag(formats)],
  examples: [{ command: "kaji ps", explains: "pod, container, image, state, age, memory and pid" }],
  async run(context) {
    requireRoot("kaji ps");
    const format = outputOf(context, formats);
    const containers = [...(await hostContainers(locationsFor(context.flag("root-dir"))))].sort(
      (one, other) =>
        one.namespace.localeCompare(other.namespace) ||
        one.pod.localeCompare(other.pod) ||
        one.createdAtMs - other.createdAtMs,
    );
    if (format === "json" || format === "yaml") {
      context.print(await formatValue(format, containers));
      return;
    }
    if (containers.length === 0) {
      context.note("no containers on this host");
      return;
    }
    const nowMs = Date.now();
    const isWide = format === "wide";
    const bytes = (value: number | undefined): string =>
      value === undefined ? "-" : formatBytes(value);
    const rows = containers.map((one) => [
      one.namespace,
      one.pod,
      one.name,
      one.image,
      one.state,
      formatAge(nowMs - one.createdAtMs),
      bytes(one.memory?.rssBytes),
      bytes(one.memory?.workingSetBytes),
      String(one.pid ?? "-"),
      ...(isWide ? [shortId(one.id)] : []),
    ]);
    const header = [
      "namespace",
      "pod",
      "container",
      "image",
      "state",
      "age",
      "rss",
      "working set",
      "pid",
    ];
    context.print(formatTable([...header, ...(isWide ? ["id"] : [])], rows));
  },
});
