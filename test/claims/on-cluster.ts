import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { busyboxTar, createCluster, type Finished, type TestCluster } from "#test/support/cluster";
import { findProgram } from "#test/support/host";

/** A cluster with the demo's images, for claims that take the whole path. */
export interface ClaimCluster extends TestCluster {
  /** Runs and returns stdout; an exit code fails the claim with the command's own words. */
  run(...args: string[]): Promise<string>;
  /** What the host answers through nginx. */
  ask(host?: string): Promise<{ status: number; body: string }>;
}

export const DEMO_HOST = "demo.localhost";
const DEMO = join(packageRoot(), "manifests/demo");
export const demoFiles = ["configmap", "deployment", "service", "ingress"].flatMap((name) => [
  "-f",
  join(DEMO, `${name}.yaml`),
]);

export function whyNoCluster(): string | undefined {
  if (process.getuid?.() !== 0) return "this needs root";
  const missing = ["kubectl", "nginx", "nft", "ip", "busybox"].filter((name) => !findProgram(name));
  return missing.length > 0 ? `this host has no ${missing.join(", no ")}` : undefined;
}

export async function onCluster(
  prove: (cluster: ClaimCluster, upMs: number) => Promise<void>,
): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "kaji-claim-"));
  const cluster = await createCluster();
  try {
    const started = performance.now();
    succeed(await cluster.up());
    const upMs = performance.now() - started;
    succeed(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
    for (const version of ["v1", "v2"]) {
      const args = ["--tag", `kaji.dev/demo:${version}`, "--build-arg", `VERSION=${version}`];
      succeed(await cluster.kaji("build", DEMO, ...args));
    }
    const run = async (...args: string[]): Promise<string> =>
      succeed(await cluster.kubectl(...args));
    await prove({ ...cluster, run, ask: (host = DEMO_HOST) => ask(cluster.url, host) }, upMs);
  } finally {
    await cluster.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function succeed({ code, stdout, stderr }: Finished): string {
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
  return stdout;
}

function ask(url: string, host: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { headers: { host }, agent: false, timeout: 5_000 },
      (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: body.trim() }));
      },
    );
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", (error) => resolve({ status: 0, body: error.message }));
    outgoing.end();
  });
}
