import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCluster, type TestCluster } from "#test/support/cluster";
import { findProgram } from "#test/support/host";

/** A machine's cluster is lost with its disk, and comes back from its backup on a machine that had another cluster. */
const missing = ["kubectl", "nginx", "nft"].filter((name) => !findProgram(name));
const needs = process.getuid?.() === 0 ? missing : ["root", ...missing];
if (needs.length > 0) console.warn(`backup-machine: skipped: needs ${needs.join(", ")}`);

describe.skipIf(needs.length > 0)("a one-machine cluster", () => {
  let lost: TestCluster;
  let other: TestCluster;
  beforeAll(async () => {
    lost = await createCluster({ podCidr: "10.229.0.0/16", serviceCidr: "10.129.0.0/16" });
    other = await createCluster({ podCidr: "10.229.0.0/16", serviceCidr: "10.129.0.0/16" });
  });
  afterAll(async () => {
    await lost?.dispose();
    await other?.dispose();
  });

  const must = async (finished: ReturnType<TestCluster["kaji"]>): Promise<string> => {
    const { code, stdout, stderr } = await finished;
    expect(code, stderr).toBe(0);
    return stdout;
  };

  test("comes back with its objects, its node and its Secrets", async () => {
    const backup = join(other.rootDir, "backup");
    await must(lost.up());
    await must(lost.kubectl("create", "secret", "generic", "s", "--from-literal=key=value"));
    await must(lost.kaji("backup", backup));
    await must(lost.kaji("down", "--purge"));
    await must(other.up());
    await must(other.kaji("down"));
    await must(other.kaji("restore", backup, "--force"));
    await must(other.up());
    const read = ["get", "secret", "s", "-o", "jsonpath={.data.key}"];
    expect(await must(other.kubectl(...read))).toBe(Buffer.from("value").toString("base64"));
    await must(other.kubectl("wait", "node/node-1", "--for=condition=Ready", "--timeout=60s"));
  });
});
