import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { runProgram } from "#test/support/cluster";
import { freePorts, requireHost } from "#test/support/host";

/** README's quick start, as it stands there but for a root and ports of its own. */
test("npm start brings up a cluster and swaps the demo's version without a failed request", async (context) => {
  requireHost(context, { root: true, programs: ["nginx", "nft", "ip", "busybox", "gcc"] });
  expect(readFileSync(join(packageRoot(), "README.md"), "utf8")).toContain("```sh\nnpm start\n```");
  const rootDir = mkdtempSync(join(tmpdir(), "kaji-start-"));
  const [api, gateway, http, https] = await freePorts(4);
  const ports = [`--api-port=${api}`, `--gateway-port=${gateway}`, `--https-port=${https}`];
  const ranges = ["--pod-cidr", "10.252.0.0/16", "--service-cidr", "10.112.0.0/16"];
  const flags = ["--root-dir", rootDir, "--http-port", String(http), ...ports, ...ranges];
  try {
    const started = await runProgram("npm", ["start", "--silent", "--", ...flags], {
      timeoutMs: 110_000,
    });
    expect(started, started.stderr).toMatchObject({ code: 0 });
    expect(started.stdout).toMatch(/requests failed\s+0\n/);
    expect(started.stdout).toMatch(/answers "hello from v2"\s+[1-9]/);
    expect(started.stdout).toContain(`export KUBECONFIG=${rootDir}/lib/admin.kubeconfig`);
  } finally {
    await runProgram(join(packageRoot(), "kaji"), ["down", "--purge", "--root-dir", rootDir]);
    rmSync(rootDir, { recursive: true, force: true });
  }
});
