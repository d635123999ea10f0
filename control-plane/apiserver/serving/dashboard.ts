import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

/**
 * The dashboard's files, from memory. They are the same for everyone and say nothing of the cluster: what a viewer
 * sees comes through the API, by the viewer's own rights.
 */
export interface DashboardFiles {
  /** undefined: the path is none of the dashboard's. */
  serve(path: string, acceptEncoding: string | undefined): DashboardResponse | undefined;
}

export interface DashboardResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface File {
  readonly plain: Uint8Array;
  readonly brotli: Uint8Array | undefined;
}

const PREFIX = "/dashboard/";
const PAGE = "index.html";
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/**
 * No inline script, nothing from elsewhere, no frame around it. Styles may be inline: the terminal's library writes
 * its own. Source: W3C, "Content Security Policy Level 3".
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `folder`: what scripts/build-dashboard.ts wrote. Read at the first visit: most servers have none for hours. */
export function createDashboardFiles(folder: string): DashboardFiles {
  let files: ReadonlyMap<string, File> | undefined;
  return {
    serve(path, acceptEncoding) {
      if (path === "/dashboard") return redirect(PREFIX);
      if (!path.startsWith(PREFIX)) return undefined;
      files ??= readFiles(folder);
      const name = path.slice(PREFIX.length) || PAGE;
      const file = files.get(name);
      if (!file) return missing(name);
      const takesBrotli = /\bbr\b/.test(acceptEncoding ?? "");
      const packed = takesBrotli ? file.brotli : undefined;
      return {
        status: 200,
        headers: { ...headersOf(name), ...(packed ? { "content-encoding": "br" } : {}) },
        body: packed ?? file.plain,
      };
    },
  };
}

function readFiles(folder: string): ReadonlyMap<string, File> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder);
  const read = (name: string): Uint8Array => readFileSync(join(folder, name));
  return new Map(
    names
      .filter((name) => extname(name) in types)
      .map((name) => {
        const brotli = names.includes(`${name}.br`) ? read(`${name}.br`) : undefined;
        return [name, { plain: read(name), brotli }];
      }),
  );
}

function headersOf(name: string): Record<string, string> {
  return {
    "content-type": types[extname(name)] ?? "application/octet-stream",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    vary: "Accept-Encoding",
    // The page names files whose names change with their content.
    "cache-control": name === PAGE ? "no-cache" : "public, max-age=31536000, immutable",
  };
}

function redirect(location: string): DashboardResponse {
  return { status: 308, headers: { location }, body: new Uint8Array() };
}

function missing(name: string): DashboardResponse {
  const text =
    name === PAGE
      ? "the dashboard was not built: run `npm run build`\n"
      : "the dashboard has no such file: load the page again\n";
  return { status: 404, headers: { "content-type": "text/plain" }, body: Buffer.from(text) };
}
