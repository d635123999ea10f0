import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { kinds } from "#api/kinds/index";
import { commands } from "#cli/commands/index";
import { commandsOf, readBlocks, splitCommands, userPages } from "#test/support/docs";
import { printsAsShown } from "#test/support/docs-output";
import { sourceFiles } from "#test/tidy/source-files";

/** What no test can run, as `page: first line`. This list may only shrink. */
const notRun: readonly string[] = [
  "README.md: npm test                     # everything: format, lint, types, unit, contract, simulation, end-to-end",
  "docs/first-cluster.md: apt-get install -y git kubernetes-client",
  "docs/servers.md: scp 192.0.2.1:/var/lib/kaji/server-token token",
  "docs/upgrade-and-remove.md: git pull && npm run setup",
];
/** What a fence may be. Others are for people alone, such as a unit of systemd. */
const languages = ["sh", "output", "yaml", "ini", ""];
const COMMAND = /^\s*(?:\$ )?(?:kubectl|(?:\.\/)?kaji|npm|curl) /m;

const pages = userPages();
const blocks = pages.flatMap(readBlocks);

describe("blocks of the documents", () => {
  test("are of a known kind, and no command hides in one that is not run", () => {
    expect(blocks.filter(({ language }) => !languages.includes(language))).toEqual([]);
    const drawings = blocks.filter(({ language }) => language === "");
    expect(drawings.filter(({ text }) => COMMAND.test(text))).toEqual([]);
  });

  test("say a reason when no test can run them, and these only become fewer", () => {
    const left = blocks.filter(({ attributes }) => "not-run" in attributes);
    expect(left.filter(({ attributes }) => (attributes["not-run"] ?? "").length < 10)).toEqual([]);
    const named = left.map(({ page, text }) => `${page}: ${text.split("\n")[0]}`);
    expect(named.toSorted()).toEqual(notRun.toSorted());
  });

  test("have nothing beside the fence that is not understood", () => {
    const known = ["on", "background", "exit", "not-run", "part-of"];
    const odd = blocks.flatMap(({ page, line, attributes }) =>
      Object.keys(attributes)
        .filter((name) => !known.includes(name))
        .map((name) => `${page}:${line}: ${name}`),
    );
    expect(odd).toEqual([]);
  });

  test("of YAML that are a part of a file are in that file", () => {
    const parts = blocks.filter(({ attributes }) => "part-of" in attributes);
    expect(parts.length).toBeGreaterThan(0);
    for (const { text, attributes } of parts) {
      const file = readFileSync(attributes["part-of"] ?? "", "utf8");
      const objects = parseAllDocuments(file).map((document) => document.toJS() as unknown);
      const [part] = parseAllDocuments(text).map((document) => document.toJS() as object);
      expect(objects).toContainEqual(expect.objectContaining(deep(part ?? {})));
    }
  });

  test("of commands are run by an end-to-end test", () => {
    const tests = sourceFiles(".ts")
      .filter((file) => /^test\/e2e\/(?:docs-.*|quick-start)\.test\.ts$/.test(file))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    const withCommands = pages.filter((page) => commandsOf(readBlocks(page)).length > 0);
    expect(withCommands.filter((page) => !tests.includes(`"${page}"`))).toEqual([]);
  });
});

describe("what documents say", () => {
  test("of links within a page leads to a heading", () => {
    const broken = sourceFiles(".md").flatMap((page) => {
      const folder = page.includes("/") ? page.slice(0, page.lastIndexOf("/") + 1) : "";
      const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)];
      return links
        .filter(([, target = ""]) => !/^[a-z]+:/.test(target))
        .filter(([, target = "", anchor = ""]) => {
          const file = target === "" ? page : `${folder}${target}`;
          return !existsSync(file) || !anchorsOf(file).includes(anchor);
        })
        .map(([link]) => `${page} ${link}`);
    });
    expect(broken).toEqual([]);
  });

  test("of files of the repository is there", () => {
    const named = pages.flatMap((page) =>
      [
        ...readFileSync(page, "utf8").matchAll(
          /`((?:test|manifests|docs|api|cli|client|kit|proto|control-plane|node-agent|runtime|ingress|dashboard)\/[\w./-]+)`/g,
        ),
      ].map(([, file = ""]) => ({ page, file })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ file }) => !existsSync(file))).toEqual([]);
  });

  test("of sentences that users see is in the code", () => {
    const code = sources();
    const quoted = ["docs/troubleshooting.md", "docs/storage.md"].flatMap(quotedSentences);
    expect(quoted.length).toBeGreaterThan(20);
    const pieces = quoted.flatMap((sentence) => sentence.split("..."));
    expect(pieces.filter((piece) => !code.includes(piece))).toEqual([]);
  });

  test("of flags is one that a command has", () => {
    const known = new Set(commands.flatMap(({ flags }) => flags?.map(({ name }) => name) ?? []));
    const ofKubernetes = [
      "as",
      "client",
      "grace-period",
      "list",
      "previous",
      "server-side",
      "subresource",
    ];
    const ofOthers = [
      "allowed-unsafe-sysctls",
      "discovery-token-ca-cert-hash",
      "help",
      "now",
      "tenants",
    ];
    const named = inlineCode().flatMap(({ page, code }) =>
      [...code.matchAll(/--([a-z][a-z-]+)/g)].map(([, flag = ""]) => ({ page, flag })),
    );
    expect(named.length).toBeGreaterThan(30);
    const odd = named.filter(
      ({ flag }) => !known.has(flag) && ![...ofKubernetes, ...ofOthers].includes(flag),
    );
    expect(odd).toEqual([]);
  });

  test("of annotations, labels and metrics is in the code", () => {
    const named = inlineCode().flatMap(({ page, code }) =>
      (code.match(/\b(?:kaji\.dev\/[a-z-]+|kaji_[a-z_]+)/g) ?? []).map((name) => ({ page, name })),
    );
    expect(named.length).toBeGreaterThan(30);
    // Some are put together in the code: of a prefix, and the rest as a string or a key.
    const code = sources();
    const isThere = (name: string): boolean => {
      const rest = name.split("/")[1] ?? "";
      return [name, `"${rest}"`, `\n  ${rest}:`].some((form) => code.includes(form));
    };
    expect(named.filter(({ name }) => !isThere(name))).toEqual([]);
  });

  test("of kinds that are not there is so", () => {
    const page = readFileSync("docs/differences.md", "utf8");
    const [, table = ""] = /## Kinds that are not there\n([^]*?)\n## /.exec(page) ?? [];
    const named = rowsOf(table).flatMap(([first = ""]) => codeIn(first));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => kinds.some(({ kind }) => kind === name))).toEqual([]);
  });
});

describe("a page is read", () => {
  test("command by command, with continued lines and here-documents", () => {
    const text = "one \\\n  more\n# only said\ntwo <<EOF\n  inner\nEOF\nthree  # why";
    expect(splitCommands(text).map((command) => command.text)).toEqual([
      "one \\\n  more",
      "two <<EOF\n  inner\nEOF",
      "three  # why",
    ]);
    expect(() => splitCommands("one \\")).toThrow("a command does not end");
  });

  test("with ages, addresses and generated names standing for their like, and nothing else", () => {
    const shown = "NAME  STATUS  AGE  IP\nweb-6b8f7d9c5d-4xk2p  Running  3s  10.244.0.8";
    expect(
      printsAsShown(shown, "NAME STATUS AGE IP\nweb-dmgjlckkmk-7f8st Running 2m5s 10.0.0.1"),
    ).toBe(true);
    expect(
      printsAsShown(shown, "NAME STATUS AGE IP\nweb-dmgjlckkmk-7f8st Pending 3s 10.0.0.1"),
    ).toBe(false);
    expect(printsAsShown("a\n...\nd", "a\nb\nc\nd")).toBe(true);
    expect(printsAsShown("a ... d", "a b c d")).toBe(true);
    expect(printsAsShown("a", "a\nb")).toBe(false);
    expect(printsAsShown("a\nb", "a")).toBe(false);
  });
});

/** What is shipped, as one text. */
function sources(): string {
  return sourceFiles(".ts", ".lua", ".c")
    .filter((file) => !file.startsWith("test/") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

function inlineCode(): { page: string; code: string }[] {
  return pages.flatMap((page) => {
    const prose = readFileSync(page, "utf8").replace(/^```[^]*?^```/gm, "");
    return codeIn(prose).map((code) => ({ page, code }));
  });
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(
    ([, text = ""]) => text,
  );
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

function rowsOf(text: string): string[][] {
  return [...text.matchAll(/^(?!---)(.* \| .*)$/gm)].map(([, row = ""]) => row.split(" | "));
}

function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The first columns of the tables that begin with "Says". */
function quotedSentences(page: string): string[] {
  const tables = [...readFileSync(page, "utf8").matchAll(/^Says \|[^]*?\n\n/gm)];
  return tables.flatMap(([table]) => rowsOf(table).flatMap(([first = ""]) => codeIn(first)));
}

function deep(value: object): object {
  const entries = Object.entries(value).map(([key, inner]: [string, unknown]) => [
    key,
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? (expect.objectContaining(deep(inner)) as unknown)
      : inner,
  ]);
  return Object.fromEntries(entries) as object;
}
