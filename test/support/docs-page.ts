import { describe, expect, test } from "vitest";
import { busyboxTar, type Finished } from "#test/support/cluster";
import { commandsOf, type DocCommand, readBlocks } from "#test/support/docs";
import { type DocsMachine, readyMachine } from "#test/support/docs-machine";
import { printsAsShown } from "#test/support/docs-output";
import { findProgram } from "#test/support/host";
import { type HostsLab, openHosts, whyNoHosts } from "#test/support/hosts";

/** What a page supposes to be there before its first command. Each page has machines of its own. */
interface PageSetUp {
  /** The first one runs what names no other. */
  readonly machines?: readonly string[];
  /** Flags of `kaji up` on the first machine; "none": the page itself makes the cluster. */
  readonly cluster?: readonly string[] | "none";
  /** Where the page makes the cluster: the base image is there when it is up. */
  readonly hasBusybox?: boolean;
  /** Whether the images of the quick start are there: busybox, and the demo's v1 and v2. */
  readonly hasDemo?: boolean;
  /** Words of the page that stand for the reader's own: what to put there, from all that was printed before. */
  readonly words?: Readonly<Record<string, string | OwnWord>>;
  /** Whether the other machines are nodes of the cluster already. */
  readonly hasJoined?: boolean;
  /** Whatever else has to be there. Gives more words. */
  prepare?(machines: ReadonlyMap<string, DocsMachine>): Promise<PageSetUp["words"]>;
}

/** From what was printed before, and from where the first machine keeps its state. */
type OwnWord = (printed: string, lib: string) => string | undefined;

const COMMAND_TIMEOUT_MS = 100_000;
const PRINT_TIMEOUT_MS = 60_000;
const PAGE_TIMEOUT_MS = 180_000;
const PAUSE_MS = 250;
export const FIRST_MACHINE = "node-1";

/** What only looks: it is repeated until it prints what the page shows, as a reader looks again. */
const LOOKING =
  /^(?:kubectl (?:--\S+ )*(?:get|describe|logs|top|events|exec|auth)|curl|(?:\.\/)?kaji (?:get|why|ps|top|events|doctor|\w+ (?:list|show|status))|dig|openssl s_client)\b/;

const programs = ["kubectl", "busybox", "gcc", "nginx", "curl"];
const missing = programs.filter((name) => !findProgram(name));
const whyNoDocs = whyNoHosts() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : undefined);

/** One test a page: all its commands, in order, as they stand there. */
export function runPages(pages: Readonly<Record<string, PageSetUp>>): void {
  if (whyNoDocs) console.warn(`SKIPPED commands of ${Object.keys(pages).join(", ")}: ${whyNoDocs}`);
  describe.skipIf(whyNoDocs)("the commands of", () => {
    for (const [page, setUp] of Object.entries(pages)) {
      test(`${page} work as they stand there`, { timeout: PAGE_TIMEOUT_MS }, async () => {
        const lab = await openHosts();
        try {
          const { machines, words } = await prepare(lab, setUp);
          await followPage(page, words, machines);
        } finally {
          await lab.close();
        }
      });
    }
  });
}

interface Prepared {
  readonly machines: ReadonlyMap<string, DocsMachine>;
  readonly words: PageSetUp["words"];
}

async function prepare(lab: HostsLab, setUp: PageSetUp): Promise<Prepared> {
  const machines = new Map<string, DocsMachine>();
  const { cluster = [] } = setUp;
  for (const name of setUp.machines ?? [FIRST_MACHINE]) {
    const host = await lab.startHost(name);
    const kubeconfig = `${host.locations.lib}/admin.kubeconfig`;
    const isFirst = machines.size === 0 && cluster !== "none";
    machines.set(name, readyMachine(host, isFirst ? { KUBECONFIG: kubeconfig } : {}));
  }
  const [first, ...others] = machines.values();
  if (first && cluster !== "none") await startCluster(lab, first, cluster, setUp.hasDemo ?? false);
  if (first && setUp.hasBusybox) await mustRun(first, await importBusybox(lab));
  if (first && setUp.hasJoined) for (const machine of others) await join(first, machine);
  return { machines, words: { ...setUp.words, ...(await setUp.prepare?.(machines)) } };
}

/** What `npm start` leaves, but for the demo's objects. */
async function startCluster(
  lab: HostsLab,
  machine: DocsMachine,
  flags: readonly string[],
  hasDemo: boolean,
): Promise<void> {
  const builds = hasDemo ? ["v1", "v2"] : [];
  for (const command of [
    `kaji up ${flags.join(" ")}`,
    await importBusybox(lab),
    ...builds.map(
      (v) => `kaji build manifests/demo --tag kaji.dev/demo:${v} --build-arg VERSION=${v}`,
    ),
  ]) {
    await mustRun(machine, command);
  }
}

async function importBusybox(lab: HostsLab): Promise<string> {
  return `kaji import ${await busyboxTar(lab.root)} kaji.dev/busybox:latest`;
}

async function mustRun(machine: DocsMachine, command: string): Promise<string> {
  const { code, stdout } = await machine.run(command, COMMAND_TIMEOUT_MS);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}`);
  return stdout;
}

async function join(first: DocsMachine, machine: DocsMachine): Promise<void> {
  const [line = ""] = (await mustRun(first, "kaji token create")).split("\n");
  machine.start(line);
  const wait = `kubectl wait node/${machine.host.name} --for=condition=Ready --timeout=30s`;
  await mustRun(first, `until ${wait}; do sleep 0.2; done`);
}

async function followPage(
  page: string,
  words: PageSetUp["words"],
  machines: ReadonlyMap<string, DocsMachine>,
): Promise<void> {
  const commands = commandsOf(readBlocks(page));
  expect(commands, `${page} has no commands`).not.toEqual([]);
  const [first] = machines.values();
  if (!first) throw new Error(`${page} has no machine`);
  let printed = "";
  for (const command of commands) {
    const machine = command.machine === undefined ? first : machines.get(command.machine);
    if (!machine) throw new Error(`${command.place}: there is no machine ${command.machine}`);
    const text = withWords(command.text, words ?? {}, (own) =>
      own(printed, first.host.locations.lib),
    );
    if (command.isInBackground) {
      machine.start(text);
      continue;
    }
    const finished = await runUntilShown(machine, command, text);
    printed += finished.stdout;
    const said = `${command.place}: ${text}\nended with ${finished.code} and printed:\n${finished.stdout}${finished.stderr}`;
    expect(finished.code, said).toBe(command.exitCode);
    if (command.output !== undefined && !printsAsShown(command.output, finished.stdout))
      expect(finished.stdout, said).toBe(command.output);
  }
}

async function runUntilShown(
  machine: DocsMachine,
  { output, exitCode }: DocCommand,
  text: string,
): Promise<Finished> {
  const isRepeated = output !== undefined && LOOKING.test(text);
  const deadline = performance.now() + PRINT_TIMEOUT_MS;
  for (;;) {
    const finished = await machine.run(text, COMMAND_TIMEOUT_MS);
    const isSo = finished.code === exitCode && printsAsShown(output ?? "", finished.stdout);
    if (isSo || !isRepeated || performance.now() > deadline) return finished;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function withWords(
  text: string,
  words: Readonly<Record<string, string | OwnWord>>,
  ask: (own: OwnWord) => string | undefined,
): string {
  return Object.entries(words).reduce((so, [word, own]) => {
    if (!so.includes(word)) return so;
    const put = typeof own === "string" ? own : ask(own);
    if (put === undefined) throw new Error(`nothing that was printed tells what ${word} is`);
    return so.replaceAll(word, put);
  }, text);
}
