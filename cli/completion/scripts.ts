import { type Command, firstWordOf, type Flag } from "#cli/define-command";

/**
 * Completion scripts, derived from the registry: commands, their subcommands, flags and fixed values stand in them;
 * names of the cluster are asked for by `kaji complete`.
 */
export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return `#compdef kaji\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    case "fish":
      return fish(commands);
  }
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = [
      ...subcommandsOf(commands, command.name),
      ...flagWords(command),
      ...argumentWords(command),
    ];
    const asks = isAsked(command) ? " asks=1" : "";
    return `    "${command.name}") words="${words.join(" ")}"${asks} ;;`;
  });
  const groups = groupNames(commands).map(
    (name) => `    "${name}") words="${subcommandsOf(commands, name).join(" ")}" ;;`,
  );
  const values = valuesByFlag(commands).map(
    ([words, flags]) =>
      `    ${flags.join("|")}) COMPREPLY=($(compgen -W "${words}" -- "$current")); return ;;`,
  );
  const two = [...commands.map(({ name }) => name)].filter((name) => name.includes(" "));
  return `_kaji_ask() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" complete -- "\${COMP_WORDS[@]:1:$COMP_CWORD}" 2>/dev/null)" -- "$current"))
  case "\${COMPREPLY[0]}" in */) compopt -o nospace 2>/dev/null ;; esac
}
_kaji() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command words asks=
  command="\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" -le 1 ]; then
    COMPREPLY=($(compgen -W "${firstWords(commands).join(" ")}" -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" -gt 2 ]; then
    case "$command \${COMP_WORDS[2]}" in
      ${two.map((name) => `"${name}"`).join("|")}) command="$command \${COMP_WORDS[2]}" ;;
    esac
  fi
  case "$command $previous" in
${values.join("\n")}
    ${askedFlags(commands, isAboutFiles).join("|")})
      COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return ;;
    ${askedFlags(commands, isAboutCluster).join("|")}) _kaji_ask; return ;;
  esac
  case "$command" in
${[...cases, ...groups].join("\n")}
    *) words="" ;;
  esac
  case "$current" in -*) asks= ;; esac
  COMPREPLY=()
  [ -z "$asks" ] || _kaji_ask
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -z "$asks" ] && [ \${#COMPREPLY[@]} -eq 0 ]; then
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _kaji kaji
`;
}

/** One of its arguments is something that the cluster or this host knows. */
function isAsked({ args }: Command): boolean {
  return args.some(({ completes }) => completes !== undefined && completes !== "files");
}

function takesFiles({ args }: Command): boolean {
  return args.some(({ completes }) => completes === "files");
}

function isAboutFiles({ completes }: Flag): boolean {
  return completes === "files";
}

function isAboutCluster({ completes }: Flag): boolean {
  return completes !== undefined && completes !== "files";
}

/** With their commands, as bash compares them: "get --namespace", "get -n". */
function askedFlags(
  commands: readonly Command[],
  isWanted: (flag: Flag) => boolean,
): readonly string[] {
  return commands.flatMap((command) =>
    command.flags.filter(isWanted).flatMap((flag) => spellings(command, flag)),
  );
}

/** What fish asks for the word under the cursor. */
const FISH_ASK = "'(kaji complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'";

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const [first = "", second] = command.name.split(" ");
    const isGiven = second
      ? `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`
      : `__fish_seen_subcommand_from ${first}`;
    const offer = second
      ? `complete -c kaji -n "__fish_seen_subcommand_from ${first}" -a ${second} -d ${quote(command.summary)}`
      : `complete -c kaji -n __fish_use_subcommand -a ${first} -d ${quote(command.summary)}`;
    const words = argumentWords(command);
    return [
      offer,
      ...(words.length > 0
        ? [`complete -c kaji -n "${isGiven}" -a ${quote(words.join(" "))}`]
        : []),
      ...(takesFiles(command) ? [`complete -c kaji -n "${isGiven}" -F`] : []),
      ...(isAsked(command) ? [`complete -c kaji -n "${isGiven}" -f -a ${FISH_ASK}`] : []),
      ...command.flags.map((flag) => `complete -c kaji -n "${isGiven}" ${fishFlag(flag)}`),
    ];
  });
  const groups = groupNames(commands).map(
    (name) => `complete -c kaji -n __fish_use_subcommand -a ${name}`,
  );
  // Files are offered where files belong, and nowhere else.
  return `${["complete -c kaji -f", ...lines, ...groups].join("\n")}\n`;
}

function fishFlag(flag: Flag): string {
  const { name, short, value, values, description } = flag;
  const parts = [`-l ${name}`, ...(short ? [`-s ${short}`] : []), ...(value ? ["-r"] : [])];
  if (values) parts.push(`-f -a ${quote(values.join(" "))}`);
  else if (isAboutFiles(flag)) parts.push("-F");
  else if (isAboutCluster(flag)) parts.push(`-f -a ${FISH_ASK}`);
  return [...parts, `-d ${quote(description)}`].join(" ");
}

function quote(text: string): string {
  return `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
}

function firstWords(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(firstWordOf))];
}

/** Words that are no command themselves: "token". */
function groupNames(commands: readonly Command[]): readonly string[] {
  const names = new Set(commands.map(({ name }) => name));
  return firstWords(commands).filter((word) => !names.has(word));
}

function subcommandsOf(commands: readonly Command[], first: string): readonly string[] {
  return commands.flatMap(({ name }) => {
    const [group, second] = name.split(" ");
    return group === first && second ? [second] : [];
  });
}

function flagWords({ flags }: Command): readonly string[] {
  return flags.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
}

function argumentWords({ args }: Command): readonly string[] {
  return args.flatMap(({ values = [] }) => values);
}

/** Values of flags, with the flags that take them: "get --output", "get -o". */
function valuesByFlag(
  commands: readonly Command[],
): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, string[]>();
  for (const command of commands) {
    for (const flag of command.flags) {
      if (!flag.values) continue;
      const words = flag.values.join(" ");
      found.set(words, [...(found.get(words) ?? []), ...spellings(command, flag)]);
    }
  }
  return [...found];
}

function spellings({ name }: Command, flag: Flag): string[] {
  const written = [`--${flag.name}`, ...(flag.short ? [`-${flag.short}`] : [])];
  return written.map((one) => `"${name} ${one}"`);
}
