import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readIfThere } from "#kit/read-if-there";
import { workerPids } from "#ingress/nginx/process";
import { findProgram, freePorts } from "#test/support/host";
import { shopHost, visit } from "#test/support/shops";

/** nginx as one would write it by hand: every host a line of a map, and a reload for each change. */
export interface StaticMap {
  /** From the change of the file to the first answer of the new host. */
  readonly changesMs: readonly number[];
  readonly memoryMib: number;
}

export async function measureStaticMap(
  hosts: number,
  changes: number,
): Promise<StaticMap | undefined> {
  const nginx = findProgram("nginx");
  if (nginx === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "kaji-static-"));
  const [port = 0] = await freePorts(1);
  const lines = Array.from({ length: hosts }, (_, index) => `${shopHost(index)} ${index};`);
  const map = join(folder, "hosts.map");
  const config = join(folder, "nginx.conf");
  writeFileSync(map, lines.join("\n"));
  writeFileSync(config, configOf(folder, port, hosts));
  mkdirSync(join(folder, "log"));
  const run = (...args: string[]): void => {
    const files = ["-c", config, "-p", folder, "-e", join(folder, "log/error")];
    // A daemon would hold the pipes of its output open.
    execFileSync(nginx, [...files, ...args], { stdio: "ignore" });
  };
  run();
  try {
    const url = `http://127.0.0.1:${port}/`;
    const changesMs: number[] = [];
    for (let index = 0; index < changes; index++) {
      const started = performance.now();
      lines.push(`added-${index}.example ${index};`);
      writeFileSync(map, lines.join("\n"));
      run("-s", "reload");
      while ((await visit(url, `added-${index}.example`)).status !== 200);
      changesMs.push(performance.now() - started);
    }
    const master = Number(readFileSync(join(folder, "nginx.pid"), "utf8"));
    const pids = [master, ...workerPids(master)];
    const kib = pids.map((pid) => {
      // Workers of before the last reload may go at any moment.
      const text = readIfThere(`/proc/${pid}/smaps_rollup`);
      return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
    });
    return { changesMs, memoryMib: Math.round(kib.reduce((sum, one) => sum + one, 0) / 1024) };
  } finally {
    run("-s", "stop");
    rmSync(folder, { recursive: true, force: true });
  }
}

function configOf(folder: string, port: number, hosts: number): string {
  return `worker_processes 2;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  map_hash_max_size ${hosts};
  map_hash_bucket_size 128;
  map $host $tenant {
    default "";
    include ${folder}/hosts.map;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      if ($tenant = "") { return 404; }
      return 200 $tenant;
    }
  }
}
`;
}
