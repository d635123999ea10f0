import { existsSync, readFileSync } from "node:fs";
import { type CommandContext, CommandError } from "#cli/define-command";
import { rooms } from "#cli/rooms";

type Prometheus = {
  readonly url: string;
  readonly rules: ReturnType<Awaited<ReturnType<typeof rooms.metricRules>>["parseMetricRules"]>;
};

/** --prometheus and --metrics-rules of `kaji server`. undefined: neither is given. */
export async function prometheusOf(context: CommandContext): Promise<Prometheus | undefined> {
  const given = context.flag("prometheus");
  const file = context.flag("metrics-rules");
  if (given === undefined && file === undefined) return undefined;
  if (given === undefined || file === undefined) {
    const [has, lacks] =
      given === undefined ? ["metrics-rules", "prometheus"] : ["prometheus", "metrics-rules"];
    throw new CommandError(
      `--${has} needs --${lacks} beside it: one says where the metrics are, the other which they are`,
    );
  }
  return { url: prometheusUrl(given), rules: await readRules(file) };
}

function prometheusUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isWeb && url.search === "" && url.hash === "") {
    if (url.username === "" && url.password === "") return url.href;
    throw new CommandError(
      "--prometheus has a user or a password in its URL, which is not supported: leave them out",
    );
  }
  throw new CommandError(
    `--prometheus ${text} is not the URL of a Prometheus: write http://HOST:9090`,
  );
}

async function readRules(file: string): Promise<Prometheus["rules"]> {
  if (!existsSync(file))
    throw new CommandError(`the file ${file} with the rules of metrics is not there`);
  const { parse } = await import("#cli/yaml");
  const { parseMetricRules } = await rooms.metricRules();
  try {
    return parseMetricRules(parse(readFileSync(file, "utf8"), { prettyErrors: false }));
  } catch (cause) {
    throw new CommandError(`--metrics-rules ${file}: ${(cause as Error).message}`);
  }
}
