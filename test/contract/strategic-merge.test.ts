/** Our strategic merge beside kubectl's own (`kubectl patch --local`), which needs no server. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StatusError } from "#api/machinery/status-error";
import { strategicMergePatch } from "#api/machinery/strategic-merge";
import { originals, strategicCases } from "#test/contract/strategic-merge-cases";

let folder = "";
let hasKubectl = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kaji-strategic-"));
  hasKubectl = (await kubectl(["version", "--client"])) !== undefined;
  if (!hasKubectl)
    console.warn("skipped: strategic merge against kubectl, because kubectl is not installed");
  for (const [name, { object }] of Object.entries(originals)) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(object));
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("strategic merge gives what kubectl gives", () => {
  test.for(strategicCases)("$name", async ({ on, patch }, context) => {
    if (!hasKubectl) return context.skip("kubectl is not installed");
    const { schema, object } = originals[on];
    const file = join(folder, `${on}.json`);
    const how = ["--local", "--type=strategic", "-o=json", `-f=${file}`];
    const theirs = await kubectl(["patch", ...how, `-p=${JSON.stringify(patch)}`]);
    const ours = unlessRefused(() => strategicMergePatch<object>(schema, object, patch));
    expect(ours).toEqual(theirs === undefined ? undefined : JSON.parse(theirs));
  });
});

function unlessRefused(merge: () => object): object | undefined {
  try {
    return merge();
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** kubectl's output; undefined when it refused or is not there. */
function kubectl(args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn("kubectl", args, { stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.on("error", () => resolve(undefined));
    child.on("close", (code) => resolve(code === 0 ? output : undefined));
  });
}
