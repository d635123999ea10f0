/**
 * Bundles the command line into dist/ (or the folder given). Commands are imported when needed, so each is a
 * chunk of its own; those that only talk to the API are made a second time, for a quick start.
 */
import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { buildDashboard } from "#scripts/build-dashboard";
import { buildQuick } from "#scripts/build-quick";
import { commandOutline } from "#scripts/command-outline";
import { entryPoints } from "#scripts/entry-points";

const outdir = process.argv[2] ?? "dist";
/** A cluster that runs loads its chunks when it needs them: those of earlier builds stay for a while. */
const KEEP_STALE_MS = 7 * 86_400_000;
const result = await build({
  entryPoints: { ...entryPoints },
  outdir,
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node20",
  format: "esm",
  conditions: ["source"],
  external: ["libsql"],
  plugins: [commandOutline()],
  minifySyntax: true,
  sourcemap: "linked",
  metafile: true,
  logLevel: "warning",
  // Bundled CommonJS packages call require and read __dirname.
  banner: {
    js: 'import{createRequire as __kajiRequire}from"node:module";import{fileURLToPath as __kajiPath}from"node:url";const require=__kajiRequire(import.meta.url);const __filename=__kajiPath(import.meta.url);const __dirname=__kajiPath(new URL(".",import.meta.url));',
  },
});
const current = new Set(Object.keys(result.metafile.outputs).map((name) => basename(name)));
for (const name of ["dashboard", ...(await buildQuick(outdir, result.metafile))]) current.add(name);
for (const name of readdirSync(outdir)) {
  const file = join(outdir, name);
  if (current.has(name) || Date.now() - statSync(file).mtimeMs < KEEP_STALE_MS) continue;
  rmSync(file, { recursive: true });
}
const bytes = Object.entries(result.metafile.outputs)
  .filter(([name]) => name.endsWith(".js"))
  .reduce((sum, [, output]) => sum + output.bytes, 0);
const visitBytes = await buildDashboard(join(outdir, "dashboard"));
console.error(`built ${outdir}/dashboard: ${(visitBytes / 1e3).toFixed(0)} kB for a first visit`);
console.error(`built ${outdir}/kaji.js and its chunks: ${(bytes / 1e6).toFixed(1)} MB`);
