import type { CommandContext } from "#cli/define-command";
import { formatValue } from "#cli/output";

/** Writes a v1 List item by item, so that a list of any length takes the memory of one. */
export class ListWriter {
  private readonly format: "json" | "yaml";
  private readonly context: Pick<CommandContext, "print">;
  private written = 0;

  constructor(format: "json" | "yaml", context: Pick<CommandContext, "print">) {
    this.format = format;
    this.context = context;
  }

  async write(item: unknown): Promise<void> {
    const isFirst = this.written++ === 0;
    if (this.format === "json") {
      if (isFirst) this.context.print(JSON_START);
      this.context.print(`${isFirst ? "" : ","}${JSON.stringify(item)}`);
    } else {
      if (isFirst) this.context.print(`${YAML_START}items:`);
      this.context.print(await formatValue("yaml", [item]));
    }
  }

  end(): void {
    const isEmpty = this.written === 0;
    if (this.format === "json") this.context.print(isEmpty ? `${JSON_START}]}` : "]}");
    else if (isEmpty) this.context.print(`${YAML_START}items: []`);
  }
}

const JSON_START = '{"apiVersion":"v1","kind":"List","metadata":{"resourceVersion":""},"items":[';
const YAML_START = 'apiVersion: v1\nkind: List\nmetadata:\n  resourceVersion: ""\n';
