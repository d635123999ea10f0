import { mkdir, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Readable } from "node:stream";
import { cacheKey } from "#runtime/images/build/cache";
import { openSource } from "#runtime/images/build/context";
import {
  type CopyRequest,
  copyInto,
  placeDestination,
  putParents,
} from "#runtime/images/build/copy";
import { execForm, type Heredoc } from "#runtime/images/build/dockerfile";
import { expandText, expandVariables } from "#runtime/images/build/expand";
import {
  commitLayer,
  diffIdOf,
  type LayerEntries,
  layerTar,
} from "#runtime/images/build/layer-content";
import { parseOwner } from "#runtime/images/build/owner";
import { stageTree, variablesOf } from "#runtime/images/build/stage";
import { addLayer, flag, requireFlags, type StepContext, words } from "#runtime/images/build/step";
import { createTree, type TreeEntry } from "#runtime/images/build/tree";
import { temporaryPath } from "#runtime/images/files";
import { decompressLayer } from "#runtime/images/snapshots/decompress";
import { unpackLayer } from "#runtime/images/snapshots/unpack";

export async function copyFiles(step: StepContext): Promise<boolean> {
  requireFlags(step, ["from", "chown", "chmod", "link"]);
  const { request, heredocs } = await copyRequest(step);
  const entries: LayerEntries = new Map();
  if (request.paths.length > 0) await copyInto(entries, request);
  await putHeredocs(entries, step, request, heredocs);
  return commitEntries(step, entries);
}

/** ADD is COPY that also unpacks local tar archives. */
export async function addFiles(step: StepContext): Promise<boolean> {
  requireFlags(step, ["chown", "chmod", "link"]);
  const { request, heredocs } = await copyRequest(step);
  const remote = request.paths.find((path) => /^(https?|git|ssh):\/\/|^git@/.test(path));
  if (remote)
    throw new Error(
      `ADD of ${remote} is not supported: fetch it with RUN, or put it in the context`,
    );
  const archives = await archivesAmong(request);
  const plain = request.paths.filter((path) => !archives.has(path));
  const entries: LayerEntries = new Map();
  const unpacked: string[] = [];
  try {
    if (plain.length > 0) await copyInto(entries, { ...request, paths: plain });
    for (const entry of archives.values()) {
      const target = temporaryPath(step.parts.tmpDir);
      unpacked.push(target);
      await unpackArchive(request.source.tree.open(entry), target);
      const source = openSource(await createTree([target]));
      const owner = flag(step, "chown") === undefined ? undefined : request.owner;
      const destination = `${request.destination.replace(/\/$/, "")}/`;
      await copyInto(entries, { ...request, source, paths: ["."], destination, owner });
    }
    await putHeredocs(entries, step, request, heredocs);
    return await commitEntries(step, entries);
  } finally {
    for (const target of unpacked) await rm(target, { recursive: true, force: true });
  }
}

async function copyRequest(
  step: StepContext,
): Promise<{ request: CopyRequest; heredocs: readonly { name: string; heredoc: Heredoc }[] }> {
  const { stage, parts, instruction } = step;
  const variables = variablesOf(stage);
  const listed =
    execForm(instruction.rest)?.map((word) => expandText(word, variables, step.escape)) ??
    words(step);
  const destination = listed.at(-1);
  if (destination === undefined || listed.length < 2) {
    throw new Error(
      `${instruction.keyword} requires at least two arguments, the last being the destination`,
    );
  }
  const byMarker = new Map(instruction.heredocs.map((heredoc) => [heredoc.name, heredoc]));
  const sources = listed.slice(0, -1).map((word) => {
    const heredoc = byMarker.get(word.replace(/^<<-?/, ""));
    return { word, heredoc: word.startsWith("<<") ? heredoc : undefined };
  });
  const from = flag(step, "from");
  const found =
    from === undefined ? undefined : await step.sourceNamed(expandText(from, variables));
  const root = await stageTree(parts, stage);
  const chown = flag(step, "chown");
  const chmod = flag(step, "chmod");
  // Files of the context have no owner that means anything in the image.
  const owner =
    chown === undefined ? { uid: 0, gid: 0 } : await parseOwner(expandText(chown, variables), root);
  return {
    request: {
      source: found?.source ?? step.context,
      sourceName: found?.name ?? "the build context",
      paths: sources.flatMap(({ word, heredoc }) => (heredoc ? [] : [word])),
      destination,
      workingDir: stage.run.WorkingDir ?? "/",
      root,
      owner,
      mode: chmod === undefined ? undefined : octal(expandText(chmod, variables)),
      mtime: step.mtime,
    },
    heredocs: sources.flatMap(({ word, heredoc }) =>
      heredoc ? [{ name: word.replace(/^<<-?/, ""), heredoc }] : [],
    ),
  };
}

async function putHeredocs(
  entries: LayerEntries,
  step: StepContext,
  request: CopyRequest,
  heredocs: readonly { name: string; heredoc: Heredoc }[],
): Promise<void> {
  const isDirectory =
    request.destination.endsWith("/") ||
    heredocs.length > 1 ||
    (
      await request.root.find(
        await placeDestination(request.root, request.workingDir, request.destination),
      )
    )?.kind === "directory";
  for (const { name, heredoc } of heredocs) {
    const place = await placeDestination(
      request.root,
      request.workingDir,
      isDirectory ? posix.join(request.destination, name) : request.destination,
    );
    await putParents(entries, request.root, place, request.mtime);
    const text = heredoc.expands
      ? expandVariables(heredoc.content, variablesOf(step.stage))
      : heredoc.content;
    const content = Buffer.from(text);
    const { uid, gid } = request.owner ?? { uid: 0, gid: 0 };
    entries.set(place, {
      header: {
        name: place,
        type: "file",
        mode: request.mode ?? 0o644,
        uid,
        gid,
        mtime: request.mtime,
        size: content.length,
      },
      open: async function* () {
        yield content;
      },
    });
  }
}

/** The layer of these entries; the diff id is the cache key, so that content alone decides. */
async function commitEntries(step: StepContext, entries: LayerEntries): Promise<boolean> {
  const key = cacheKey("files", await diffIdOf(layerTar(entries)));
  const cached = step.options.usesCache === false ? undefined : await step.cache.find(key);
  const layer = cached ?? (await commitLayer(step.parts, layerTar(entries)));
  if (!cached) await step.cache.remember(key, layer);
  addLayer(step, layer);
  return cached !== undefined;
}

async function archivesAmong(request: CopyRequest): Promise<ReadonlyMap<string, TreeEntry>> {
  const archives = new Map<string, TreeEntry>();
  for (const path of request.paths) {
    const { tree, isIgnored } = request.source;
    const place = await tree.resolve(posix.resolve("/", path).slice(1));
    const entry = await tree.find(place);
    if (entry?.kind === "file" && !isIgnored(place) && (await isTar(() => tree.open(entry)))) {
      archives.set(path, entry);
    }
  }
  return archives;
}

const USTAR_AT = 257;

/** A tar by its magic, also inside gzip or zstd. */
async function isTar(open: () => Readable): Promise<boolean> {
  const head: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (await decompressLayer(open())) as AsyncIterable<Buffer>) {
      head.push(chunk);
      bytes += chunk.length;
      if (bytes >= USTAR_AT + 5) break;
    }
  } catch {
    return false; // begins like a compressed file and is none: an ordinary file
  }
  return (
    Buffer.concat(head)
      .subarray(USTAR_AT, USTAR_AT + 5)
      .toString("latin1") === "ustar"
  );
}

async function unpackArchive(source: Readable, target: string): Promise<void> {
  await mkdir(join(target), { recursive: true });
  await unpackLayer({ tar: await decompressLayer(source), target });
}

function octal(text: string): number {
  if (!/^[0-7]{3,4}$/.test(text))
    throw new Error(
      `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`,
    );
  return Number.parseInt(text, 8);
}
