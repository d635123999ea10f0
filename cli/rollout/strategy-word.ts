import { CommandError } from "#cli/define-command";
import { strategyStateOf } from "#cli/rollout/strategy";
import { REVISION } from "#api/kinds/deployment-revision";
import { asDeployment, type Found } from "#cli/rollout/workload";

/** The annotation that says `word` to the roll-out by strategy that is under way. Throws where none is. */
export function strategyWord(
  found: Found,
  word: "promote" | "abort",
  isFull: boolean,
): { metadata: { annotations: Record<string, string> } } {
  const deployment = asDeployment(found, word === "promote" ? "promoting" : "aborting");
  const state = strategyStateOf(deployment);
  if (!state) {
    throw new CommandError(
      `${found.name} rolls out without a strategy: set its annotation kaji.dev/strategy, or use \`kaji rollout undo\``,
    );
  }
  if (state.phase === "Complete" || state.phase === "RolledBack") {
    throw new CommandError(
      `there is no roll-out of ${found.name} under way to ${word}: the last one is ${state.phase}`,
    );
  }
  const revision = deployment.metadata.annotations?.[REVISION];
  if (revision === undefined) {
    throw new CommandError(`${found.name} has no revision yet: try again in a moment`);
  }
  const value = isFull ? `${revision}/full` : revision;
  return { metadata: { annotations: { [`kaji.dev/${word}`]: value } } };
}
