import { type CommandContext, CommandError, type Flag } from "#cli/define-command";

export const sortByFlag: Flag = {
  name: "sort-by",
  value: "WHAT",
  description: "the largest first: cpu, memory, requests, limits, pods (of nodes); or by name",
  default: "name",
  values: ["name", "cpu", "memory", "requests", "limits", "pods"],
};

/** By name, or by one of `orders`, the largest first. */
export function sorted<Row extends { readonly name: string }>(
  context: Pick<CommandContext, "flag">,
  rows: readonly Row[],
  orders: Readonly<Record<string, (row: Row) => number>>,
): readonly Row[] {
  const wanted = context.flag("sort-by") ?? "name";
  if (wanted === "name") return rows.toSorted((a, b) => a.name.localeCompare(b.name));
  const order = Object.hasOwn(orders, wanted) ? orders[wanted] : undefined;
  if (order) return rows.toSorted((a, b) => order(b) - order(a) || a.name.localeCompare(b.name));
  const known = ["name", ...Object.keys(orders)].join(", ");
  throw new CommandError(`--sort-by ${wanted} is not known here: use ${known}`);
}
