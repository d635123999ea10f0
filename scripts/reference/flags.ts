import { agentCommand } from "#cli/commands/agent";
import { ingressCommand } from "#cli/commands/ingress";
import { serverCommand } from "#cli/commands/server";
import type { Command } from "#cli/define-command";
import { locationsFor } from "#kit/locations";
import { page, type Page, quoted, table } from "#scripts/reference/markdown";

const VARIABLES: readonly (readonly [string, string])[] = [
  ["KUBECONFIG", "The cluster that commands speak to, when --kubeconfig is not given."],
  ["NO_COLOR", "Set and not empty: no colours."],
  ["KAJI_STACK", "Set: a programmer's error is printed with its stack."],
];

const FILES: readonly (readonly [keyof ReturnType<typeof locationsFor>, string])[] = [
  [
    "lib",
    "State: the store, keys and certificates, images, volumes. What a backup and `kaji down --purge` are about.",
  ],
  ["run", "Sockets, process ids, what containers need while they run. Empty after a reboot."],
  ["log", "Logs of the three processes (10 MB each, and one older), of nginx, and of containers."],
];

/** How the three processes are configured: there is no configuration file. */
export const flagsPage: Page = {
  path: "docs/reference/configuration.md",
  render: () =>
    page(
      "Configuration",
      "Generated from `cli/commands` by `npm run docs`. A process is configured by flags alone; `kaji up` passes its flags on to the three. Everything else is an object of the API.",
      ...[serverCommand, agentCommand, ingressCommand].flatMap(flagsOf),
      "## Environment",
      table(
        ["Variable", "Meaning"],
        VARIABLES.map(([name, text]) => [quoted(name), text]),
      ),
      "## Files",
      "Below `--root-dir`.",
      table(
        ["Directory", "What is there"],
        FILES.map(([name, text]) => [quoted(locationsFor("/")[name]), text]),
      ),
    ),
};

function flagsOf({ name, flags }: Command): string[] {
  const rows = flags.map((flag) => [
    quoted(`--${flag.name}${flag.value ? ` ${flag.value}` : ""}`),
    flag.default === undefined ? "" : quoted(flag.default),
    flag.description,
  ]);
  return [`## kaji ${name}`, table(["Flag", "Default", "Meaning"], rows)];
}
