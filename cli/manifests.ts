import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "#api/machinery/meta";
import { CommandError } from "#cli/define-command";
import { readStdin } from "#cli/stdin";
import type * as yaml from "#cli/yaml";

/** Objects of YAML or JSON files as they stand there, each with where it came from. */
export interface Manifest {
  readonly object: KubeObject;
  /** "web.yaml, document 2" */
  readonly source: string;
}

const EXTENSIONS = /\.(?:ya?ml|json)$/;
/** Kubernetes' API takes objects of up to 3 MiB: a file of more than this is no manifest. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** `paths`: files, folders (their YAML and JSON files in the order of their names), or "-" for stdin. */
export async function readManifests(paths: readonly string[]): Promise<readonly Manifest[]> {
  if (paths.length === 0)
    throw new CommandError("nothing to read: name a file or a folder with -f");
  const library = await import("#cli/yaml");
  const manifests: Manifest[] = [];
  for (const path of paths.flatMap(filesAt)) {
    const text = path === "-" ? await readStdin() : readFileSync(path, "utf8");
    manifests.push(...parseManifests(library, text, path === "-" ? "stdin" : path));
  }
  if (manifests.length === 0)
    throw new CommandError(`no objects in ${paths.join(", ")}: each document was empty`);
  return manifests;
}

function filesAt(path: string): readonly string[] {
  if (path === "-") return [path];
  if (!existsSync(path))
    throw new CommandError(`${path} is not there: check the path given with -f`);
  const stat = statSync(path);
  if (!stat.isDirectory()) {
    if (stat.size > MAX_FILE_BYTES) {
      throw new CommandError(
        `${path} has ${stat.size} bytes, which is too much for a manifest: split it`,
      );
    }
    return [path];
  }
  const files = readdirSync(path)
    .filter((name) => EXTENSIONS.test(name))
    .sort()
    .map((name) => join(path, name));
  if (files.length === 0)
    throw new CommandError(`no .yaml, .yml or .json files in ${path}: name a file with -f`);
  return files;
}

export function parseManifests(
  library: typeof yaml,
  text: string,
  source: string,
): readonly Manifest[] {
  const lineCounter = new library.LineCounter();
  const documents = library.parseAllDocuments(text, {
    // Kubernetes reads YAML 1.1 ("yes" is true), but no dates and no numbers to base 60.
    version: "1.1",
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !isTimeTag(tag)),
    lineCounter,
    prettyErrors: false,
  });
  const list = Array.isArray(documents) ? documents : [];
  return list.flatMap((document, at) => {
    const [problem] = document.errors;
    if (problem) {
      const { line, col } = lineCounter.linePos(problem.pos[0]);
      throw new CommandError(
        `${source}:${line}:${col}: this is not valid YAML: ${problem.message}`,
      );
    }
    const name = list.length > 1 ? `${source}, document ${at + 1}` : source;
    return objectsOf(toValue(document, name), name);
  });
}

function isTimeTag(tag: { readonly tag: string; readonly format?: string }): boolean {
  return tag.tag === "tag:yaml.org,2002:timestamp" || tag.format === "TIME";
}

function toValue(document: yaml.Document, source: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (cause) {
    throw new CommandError(`${source}: ${(cause as Error).message}`, { cause });
  }
}

function objectsOf(value: unknown, source: string): readonly Manifest[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new CommandError(
      `${source} is not an object: a manifest starts with apiVersion and kind`,
    );
  }
  const { apiVersion, kind, metadata, items } = value as Partial<KubeObject> & { items?: unknown };
  for (const [field, content] of Object.entries({ apiVersion, kind })) {
    if (typeof content !== "string" || content === "") {
      throw new CommandError(
        `${source} has no ${field}: a manifest starts with apiVersion and kind`,
      );
    }
  }
  if (kind?.endsWith("List") && Array.isArray(items)) {
    return items.flatMap((item: unknown, at) => objectsOf(item, `${source}, item ${at + 1}`));
  }
  const name: unknown = metadata?.name;
  if (name === undefined || name === null || name === "") {
    throw new CommandError(`${source} (${kind}) has no metadata.name: give the object a name`);
  }
  if (typeof name !== "string") {
    throw new CommandError(
      `${source} (${kind}): YAML reads metadata.name as ${JSON.stringify(name)}, not as text: put it in quotes`,
    );
  }
  return [{ object: value as KubeObject, source }];
}
