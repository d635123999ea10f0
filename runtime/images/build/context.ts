import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import dockerignore from "@balena/dockerignore";
import { createTree, type Tree } from "#runtime/images/build/tree";
import { isMissing } from "#runtime/images/files";
import { RuntimeError } from "#runtime/runtime";

/** The files a build may copy from, less what .dockerignore leaves out. */
export interface BuildContext {
  readonly tree: Tree;
  isIgnored(path: string): boolean;
}

const NOTHING: BuildContext["isIgnored"] = () => false;

export async function openContext(
  directory: string,
  dockerfilePath: string,
): Promise<BuildContext> {
  const text =
    (await readIfThere(`${dockerfilePath}.dockerignore`)) ??
    (await readIfThere(join(directory, ".dockerignore")));
  const tree = await createTree([directory]);
  if (text === undefined) return { tree, isIgnored: NOTHING };
  const rules = dockerignore.default().add(text.replace(/^\uFEFF/, ""));
  return { tree, isIgnored: (path) => path !== "" && rules.ignores(path) };
}

/** Another stage or image as a source: nothing is left out. */
export function openSource(tree: Tree): BuildContext {
  return { tree, isIgnored: NOTHING };
}

export async function readDockerfile(
  contextDir: string,
  name: string | undefined,
): Promise<{ path: string; text: string }> {
  const path = name === undefined ? "Dockerfile" : name;
  const full = isAbsolute(path) ? path : join(contextDir, path);
  const text = await readIfThere(full);
  if (text !== undefined) return { path, text };
  throw new RuntimeError("NotFound", `there is no ${path} in ${contextDir}; name one with --file`);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
