/**
 * An nftables table as data, so that two of them can be compared. `fixed` holds what only the node's
 * configuration changes; the rest is per Service, and a change of it costs its own size.
 */
export interface Ruleset {
  readonly table: string;
  /** Declarations of named maps and sets by name: "type ipv4_addr : verdict". */
  readonly maps: ReadonlyMap<string, Declaration>;
  /** Sets that come and go with what uses them, like `maps` otherwise. */
  readonly sets?: ReadonlyMap<string, Declaration>;
  /** Chains with a hook and those they jump to: written only with the whole table. */
  readonly fixedChains: ReadonlyMap<string, readonly string[]>;
  /** Elements of each named map: key to value; the value is "" in a set. */
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Sets that rules fill by themselves: name to declaration. */
  readonly learnedSets: ReadonlyMap<string, readonly string[]>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
}

export interface Declaration {
  readonly kind: "map" | "set";
  readonly type: string;
}

/** The whole table in one transaction: what was there before is replaced. */
export function renderWhole(ruleset: Ruleset): string {
  const { table } = ruleset;
  const blocks: string[] = [];
  for (const [name, { kind, type }] of [...ruleset.maps, ...(ruleset.sets ?? [])]) {
    blocks.push(block(`${kind} ${name}`, [`type ${type}`, ...initialElements(ruleset, name)]));
  }
  for (const [name, lines] of ruleset.learnedSets) blocks.push(block(`set ${name}`, lines));
  for (const [name, rules] of ruleset.chains) blocks.push(block(`chain ${name}`, rules));
  for (const [name, rules] of ruleset.fixedChains) blocks.push(block(`chain ${name}`, rules));
  const head = [`add table inet ${table}`, `delete table inet ${table}`, `table inet ${table} {`];
  return `${[...head, ...blocks, "}"].join("\n")}\n`;
}

/** What turns `before` into `after`; "" when they are equal. */
export function renderChange(before: Ruleset, after: Ruleset): string {
  if (fixedText(before) !== fixedText(after)) return renderWhole(after);
  const at = (name: string): string => `inet ${after.table} ${name}`;
  const lines: string[] = [];
  for (const [name, declaration] of after.learnedSets) {
    const old = before.learnedSets.get(name);
    if (old?.join() === declaration.join()) continue;
    // A learned set with another timeout is another set: its chains are written anew with it.
    if (old) return renderWhole(after);
    lines.push(`add set ${at(name)} { ${declaration.join("; ")}; }`);
  }
  for (const [name, { type }] of after.sets ?? []) {
    if (!before.sets?.has(name)) lines.push(`add set ${at(name)} { type ${type}; }`);
  }
  lines.push(...changedChains(before, after, at));
  for (const name of [...after.maps.keys(), ...(after.sets?.keys() ?? [])]) {
    lines.push(...changedElements(before, after, name, at));
  }
  const goneChains = [...before.chains.keys()].filter((name) => !after.chains.has(name));
  lines.push(...goneChains.map((name) => `flush chain ${at(name)}`));
  lines.push(...goneChains.map((name) => `delete chain ${at(name)}`));
  const goneSets = [...before.learnedSets.keys(), ...(before.sets?.keys() ?? [])].filter(
    (name) => !after.learnedSets.has(name) && !after.sets?.has(name),
  );
  lines.push(...goneSets.map((name) => `delete set ${at(name)}`));
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

type At = (name: string) => string;

function changedChains(before: Ruleset, after: Ruleset, at: At): string[] {
  const changed = [...after.chains].filter(
    ([name, rules]) => before.chains.get(name)?.join("\n") !== rules.join("\n"),
  );
  // All chains exist before the first rule that goes to one.
  return [
    ...changed.flatMap(([name]) => [`add chain ${at(name)}`, `flush chain ${at(name)}`]),
    ...changed.flatMap(([name, rules]) => rules.map((rule) => `add rule ${at(name)} ${rule}`)),
  ];
}

function changedElements(before: Ruleset, after: Ruleset, name: string, at: At): string[] {
  const old = before.elements.get(name) ?? new Map<string, string>();
  const now = after.elements.get(name) ?? new Map<string, string>();
  const gone = [...old].filter(([key, value]) => now.get(key) !== value).map(([key]) => key);
  const added = [...now].filter(([key, value]) => old.get(key) !== value).map(elementText);
  return [
    ...(gone.length > 0 ? [`delete element ${at(name)} { ${gone.join(", ")} }`] : []),
    ...(added.length > 0 ? [`add element ${at(name)} { ${added.join(", ")} }`] : []),
  ];
}

function initialElements({ elements }: Ruleset, name: string): string[] {
  const texts = [...(elements.get(name) ?? [])].map(elementText);
  return texts.length > 0 ? [`elements = { ${texts.join(", ")} }`] : [];
}

function elementText([key, value]: readonly [string, string]): string {
  return value === "" ? key : `${key} : ${value}`;
}

function fixedText({ table, maps, fixedChains }: Ruleset): string {
  return JSON.stringify([table, [...maps], [...fixedChains]]);
}

function block(head: string, lines: readonly string[]): string {
  return `  ${head} {\n${lines.map((line) => `    ${line}\n`).join("")}  }`;
}
