import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

/**
 * Bundles the dashboard for browsers into a folder: files whose names change with their content, compressed
 * beforehand, and the page that names them. Answers the bytes that a first visit transfers.
 */
export async function buildDashboard(outdir: string): Promise<number> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    entryPoints: { main: "dashboard/main.tsx", style: "dashboard/style.css" },
    outdir,
    bundle: true,
    splitting: true,
    platform: "browser",
    target: "es2022",
    format: "esm",
    conditions: ["source"],
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const outputs = Object.entries(metafile.outputs);
  const nameOf = (entry: string): string =>
    basename(outputs.find(([, { entryPoint }]) => entryPoint === entry)?.[0] ?? "");
  const script = nameOf("dashboard/main.tsx");
  const style = nameOf("dashboard/style.css");
  const [, main] = outputs.find(([file]) => basename(file) === script) ?? [];
  const first = (main?.imports ?? [])
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => basename(path));
  // Named in the page, they are fetched beside the script that asks for them, not after it.
  const preloads = first.map((name) => `<link rel="modulepreload" href="${name}" />`);
  const page = readFileSync("dashboard/index.html", "utf8")
    .replace("%SCRIPT%", script)
    .replace("%PARTS%", preloads.join(""))
    .replace("%STYLE%", style);
  writeFileSync(join(outdir, "index.html"), page);
  for (const name of readdirSync(outdir)) compress(join(outdir, name));
  return ["index.html", script, style, ...first].reduce(
    (sum, name) => sum + readFileSync(join(outdir, `${name}.br`)).byteLength,
    0,
  );
}

function compress(file: string): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file), { params }));
}
