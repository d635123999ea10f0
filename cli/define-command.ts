import type { Paint } from "#cli/paint";

/**
 * A command is data and one function. Help, completion and the reference page derive from it. Adding one: a
 * file under cli/commands and a line in cli/commands/index.ts. `run` imports what is heavy when it runs.
 */
export interface Command {
  /** One or two words: "up", "token create". */
  readonly name: string;
  readonly summary: string;
  readonly group: CommandGroup;
  readonly args: readonly Argument[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  run(context: CommandContext): Promise<void>;
}

/** The headings of `kaji --help`, in its order. */
export const commandGroups = {
  cluster: "This machine's cluster",
  objects: "Objects of a cluster (kubectl does all this and more)",
  tenants: "Tenants",
  images: "Images of this host",
  components: "Components, one process each",
  other: "Other",
} as const;

export type CommandGroup = keyof typeof commandGroups;

export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isVariadic?: boolean;
  /** What shells offer for it. */
  readonly values?: readonly string[];
  readonly completes?: Completed;
}

/** What shells ask the cluster or this host for: names of which things (cli/completion/candidates.ts). */
export type Completed =
  | "kinds"
  | "objects"
  | "pods"
  | "workloads"
  | "log-sources"
  | "nodes"
  | "namespaces"
  | "tenants"
  | "plans"
  | "releases"
  | "images"
  | "contexts"
  | "files";

export interface Flag {
  /** "root-dir": given as --root-dir. */
  readonly name: string;
  readonly short?: string;
  /** What the value is called in help; absent for a switch. */
  readonly value?: string;
  readonly description: string;
  readonly default?: string;
  readonly isRepeatable?: boolean;
  /** What shells offer for it. */
  readonly values?: readonly string[];
  readonly completes?: Completed;
}

export interface Example {
  readonly command: string;
  readonly explains: string;
}

export interface CommandContext {
  readonly args: readonly string[];
  /** The value of a flag, or its default. */
  flag(name: string): string | undefined;
  flags(name: string): readonly string[];
  isSet(name: string): boolean;
  /** A result: stdout, one line. */
  print(line: string): void;
  /** Progress: stderr, one line. */
  note(line: string): void;
  /** Colours a result, where results may have colours: a terminal that wants them. */
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

/** Refused or failed for a reason that the user can act on: printed as one sentence, without a stack. */
export class CommandError extends Error {
  override name = "CommandError";
  readonly exitCode: number;
  constructor(sentence: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(sentence, options);
    this.exitCode = options.exitCode ?? 1;
  }
}

type Definition = Omit<Command, "args" | "flags" | "examples"> &
  Partial<Pick<Command, "args" | "flags" | "examples">>;

export function defineCommand(definition: Definition): Command {
  return Object.freeze({ args: [], flags: [], examples: [], ...definition });
}

export const rootDirFlag: Flag = {
  name: "root-dir",
  value: "DIR",
  description: "keep everything below DIR instead of /var/lib/kaji, /run/kaji and /var/log/kaji",
  default: "/",
  completes: "files",
};

/** "rollout" of "rollout status". */
export function firstWordOf({ name }: Pick<Command, "name">): string {
  return name.split(" ")[0] ?? name;
}
