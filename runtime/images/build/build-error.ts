/** A build that cannot go on: says in which file, on which line, and shows the line. */
export class BuildError extends Error {
  override name = "BuildError";
  readonly file: string;
  readonly line: number;
  readonly text: string;
  constructor(file: string, line: number, text: string, why: string, options?: ErrorOptions) {
    super(`${file}:${line}: ${why}\n  ${line} | ${text}`, options);
    this.file = file;
    this.line = line;
    this.text = text;
  }
}
