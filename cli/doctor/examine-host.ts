import { X509Certificate } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statfsSync,
  statSync,
} from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { CommandError } from "#cli/define-command";
import type { Disk, HostCertificate, HostFacts, NginxState } from "#cli/doctor/define-check";
import { checkHost } from "#cli/host-checks";
import { type Component, isRunningUnkept, keeperPid, logFileOf } from "#cli/keeper";
import type { Locations } from "#kit/locations";

const ANSWER_TIMEOUT_MS = 3_000;
const COMPONENTS: readonly Component[] = ["server", "agent", "ingress"];

/** Reads what checks need to know of this host; starts and changes nothing. */
export async function examineHost(locations: Locations): Promise<HostFacts> {
  const store = storeOf(locations);
  const own = componentsOf(locations);
  return {
    lack: lackOfHost(),
    hasCluster: existsSync(locations.lib),
    hasServer: own.includes("server"),
    stopped: own
      .filter((one) => !runs(locations, one))
      .map((component) => {
        const command = own.includes("server") ? "kaji up" : `kaji ${component}`;
        return { component, command, ...logOf(locations, component) };
      }),
    ...(own.includes("ingress") ? { nginx: await askNginx(locations) } : {}),
    disks: disksOf(locations),
    certificates: [...pkiCertificates(locations), ...agentCertificates(locations)],
    ...(store ? { store } : {}),
  };
}

/** What each leaves below /var/lib/kaji when it starts for the first time. */
const traces: Readonly<Record<Component, string>> = {
  ...{ server: "pki", agent: "agent", ingress: "ingress" },
};

/** The components that this host has had; all of them where none has come so far. */
export function componentsOf({ lib }: Locations): readonly Component[] {
  const found = COMPONENTS.filter((one) => existsSync(join(lib, traces[one])));
  return found.length > 0 ? found : COMPONENTS;
}

/** Under a keeper of `kaji up`, or as somebody else has started it: systemd, a terminal. */
function runs(locations: Locations, component: Component): boolean {
  return keeperPid(locations, component) !== undefined || isRunningUnkept(locations, component);
}

function lackOfHost(): string | undefined {
  try {
    checkHost();
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) return error.message;
    throw error;
  }
}

function logOf(locations: Locations, component: Component): { readonly log?: string } {
  const log = logFileOf(locations, component);
  return existsSync(log) ? { log } : {};
}

async function askNginx(locations: Locations): Promise<NginxState> {
  const log = { ...logOf(locations, "ingress"), ...failureIn(logFileOf(locations, "ingress")) };
  const socketPath = join(locations.run, "ingress/admin.sock");
  if (!existsSync(socketPath)) return { runs: false, ...log };
  const answer = await new Promise<number | string>((resolve) => {
    const asked = request(
      {
        ...{ socketPath, path: "/generation", headers: { host: "kaji" } },
        ...{ agent: false, timeout: ANSWER_TIMEOUT_MS },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS} ms`)));
    asked.on("error", (error) => resolve(error.message));
    asked.end();
  });
  return { runs: true, answer, ...log };
}

const NOT_UP_TO_DATE = "the ingress could not be brought up to date";
/** The ingress says little else, and repeats this. */
const LOG_END_BYTES = 256 * 1024;

function failureIn(log: string): Pick<NginxState, "failure"> {
  const line = readEnd(log, LOG_END_BYTES)
    .split("\n")
    .findLast((one) => one.includes(NOT_UP_TO_DATE));
  if (line === undefined) return {};
  try {
    const { time, error } = JSON.parse(line) as { readonly time: string; readonly error: string };
    return { failure: { atMs: Date.parse(time), sentence: String(error) } };
  } catch {
    // Cut at its beginning, or written for people: an older one then says nothing either.
    return {};
  }
}

function readEnd(file: string, bytes: number): string {
  if (!existsSync(file)) return "";
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const end = Buffer.alloc(Math.min(bytes, size));
    const length = readSync(descriptor, end, 0, end.length, size - end.length);
    return end.toString("utf8", 0, length);
  } finally {
    closeSync(descriptor);
  }
}

function disksOf({ lib, log, run }: Locations): Disk[] {
  const seen = new Set<string>();
  return [lib, log, run]
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const { bavail, blocks, bsize, ffree, files } = statfsSync(path);
      const device = String(statSync(path).dev);
      if (seen.has(device)) return [];
      seen.add(device);
      return [
        {
          ...{ path, freeBytes: bavail * bsize, totalBytes: blocks * bsize },
          ...{ freeInodes: ffree, totalInodes: files },
        },
      ];
    });
}

function pkiCertificates({ lib }: Locations): HostCertificate[] {
  const folder = join(lib, "pki");
  return namesIn(folder)
    .filter((name) => name.endsWith(".crt"))
    .flatMap((name) => certificateAt(join(folder, name), (text) => text));
}

function agentCertificates({ lib }: Locations): HostCertificate[] {
  const file = join(lib, "agent/credentials.json");
  if (!existsSync(file)) return [];
  return certificateAt(
    file,
    (text) => (JSON.parse(text) as { certificatePem: string }).certificatePem,
  );
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there, or not ours to read: then nothing is said of it.
    return [];
  }
}

function certificateAt(file: string, pemIn: (text: string) => string): HostCertificate[] {
  try {
    const { validTo } = new X509Certificate(pemIn(readFileSync(file, "utf8")));
    return [{ file, notAfterMs: Date.parse(validTo) }];
  } catch {
    // Not ours to read, or being written: the component itself says when it cannot use it.
    return [];
  }
}

function storeOf({ lib }: Locations): HostFacts["store"] {
  const file = join(lib, "state.db");
  const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const bytes = bytesOf(file);
  return bytes > 0 ? { file, bytes, walBytes: bytesOf(`${file}-wal`) } : undefined;
}
