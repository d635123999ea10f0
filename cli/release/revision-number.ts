import { CommandError } from "#cli/define-command";

/** "3" as a user writes it. */
export function revisionNumber(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new CommandError(`"${text}" is not a revision: give a number, such as 3`);
}
