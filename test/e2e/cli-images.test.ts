import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { locationsFor } from "#kit/locations";
import { Records } from "#runtime/embedded/records";
import { builtCli, busyboxTar, type Cli } from "#test/e2e/cli-fixture";
import { requireHost } from "#test/support/host";

const BASE = "kaji.dev/busybox:latest";
const DIGEST = /^sha256:[0-9a-f]{64}\n$/;

let cli: Cli;
beforeAll(() => {
  cli = builtCli();
});
afterAll(() => cli.remove());
beforeEach((context) => requireHost(context, { root: true, programs: ["busybox", "tar"] }));

const kaji = (...args: string[]) => cli.run([...args, "--root-dir", cli.root]);

/** Succeeds, or fails with what the command said. */
async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await kaji(...args);
  expect(code, `kaji ${args.join(" ")}: ${stderr}`).toBe(0);
  return stdout;
}

function writeContext(name: string, dockerfile: string): string {
  const folder = join(cli.root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
  writeFileSync(join(folder, "hello.txt"), "hello\n");
  return folder;
}

/** A record as the agent's runtime leaves it for a container of this image. */
function recordContainer(imageId: string): { remove(): void } {
  const records = new Records(join(locationsFor(cli.root).run, "sandboxes"));
  const sandboxId = "a".repeat(64);
  const labels = {
    "io.kubernetes.pod.name": "web-1",
    "io.kubernetes.pod.namespace": "shop",
    "io.kubernetes.container.name": "web",
  };
  const config = { name: "web", labels, image: "app:v1", annotations: {} };
  const ids = { sandboxId, createdAtMs: Date.now(), image: {}, user: {} };
  records.saveSandbox({
    id: sandboxId,
    createdAtMs: Date.now(),
    isStopped: false,
    config: { name: "shop/web-1", cgroupParent: "besteffort/pod1" },
  } as unknown as Parameters<Records["saveSandbox"]>[0]);
  records.saveContainer({ id: "b".repeat(64), imageId, config, ...ids } as unknown as Parameters<
    Records["saveContainer"]
  >[0]);
  return { remove: () => records.removeSandbox(sandboxId) };
}

describe("images on the host's own store", () => {
  test("a root file system is imported under a name", async () => {
    const tar = busyboxTar(cli.root);
    const nameless = await kaji("import", tar);
    expect(nameless.stderr).toContain("give the image a name");
    expect(await succeed("import", tar, BASE)).toMatch(DIGEST);
    expect(await succeed("images")).toMatch(
      /^IMAGE +ID +SIZE +CREATED\nkaji\.dev\/busybox:latest +[0-9a-f]{12} +\d/,
    );
  });

  test("a build says its steps, prints the digest, and the second time takes all from the cache", async () => {
    const context = writeContext(
      "app",
      `FROM ${BASE}\nARG WHO\nCOPY hello.txt /hello.txt\nENV WHO=\${WHO}\n`,
    );
    const build = ["build", context, "-t", "app:v1", "-t", "app:latest", "--build-arg", "WHO=me"];
    const first = await kaji(...build);
    expect(first.stdout, first.stderr).toMatch(DIGEST);
    expect(first.stderr).toMatch(/^\[1\/4\] FROM kaji\.dev\/busybox:latest {2}\d+\.\d s\n/);
    expect(first.stderr).toMatch(/\[3\/4\] COPY hello\.txt \/hello\.txt {2}\d/);
    const second = await kaji(...build);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain("[3/4] COPY hello.txt /hello.txt  CACHED\n");
    const third = await kaji(...build, "--no-cache");
    expect(third.stderr).not.toContain("CACHED");
    expect(third.stdout).toBe(first.stdout);
  });

  test("RUN runs in a container, its output stands below its step, and nothing of it is left", async (context) => {
    requireHost(context, { files: ["runtime/native/build/kaji-native"] });
    const folder = writeContext(
      "run",
      `FROM ${BASE}\nRUN cat /etc/resolv.conf >/dev/null; echo seen > /made; ls /bin\n`,
    );
    const { code, stderr } = await kaji("build", folder, "-t", "run:v1");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("    busybox\n    cat\n");
    expect(readdirSync(join(cli.root, "run/build"))).toEqual([]);
    const tar = join(cli.root, "run.tar");
    await succeed("save", "run:v1", "-o", tar);
    execFileSync("tar", ["-xf", tar, "-C", folder]);
    const [{ Layers: layers }] = JSON.parse(
      execFileSync("cat", [join(folder, "manifest.json")], { encoding: "utf8" }),
    ) as [{ Layers: string[] }];
    const changed = execFileSync("tar", ["-tf", join(folder, layers.at(-1) ?? "")], {
      encoding: "utf8",
    });
    // The folder of a mount point may be in the layer, what was mounted is not.
    expect(changed.replace("etc/\n", "")).toBe("made\n");
  });

  test("a failing build names the file, the line and the reason", async () => {
    const broken = writeContext("broken", "FROM scratch\nCOPY nothing /x\n");
    const { code, stdout, stderr } = await kaji("build", broken);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain('kaji: Dockerfile:2: "/nothing" is not in the build context');
    expect((await kaji("build", join(cli.root, "none"))).stderr).toMatch(
      /is not a folder: name the folder/,
    );
  });

  test("images go out and come back: docker-archive, OCI layout, other names", async () => {
    const saved = join(cli.root, "saved.tar");
    const [id] = (await succeed("images", "-q")).split("\n").slice(1);
    await succeed("save", "app:v1", "-o", saved);
    await succeed("rmi", "app:v1", "app:latest");
    expect((await succeed("import", saved)).trim()).toBe(id);
    await succeed("tag", "app:v1", "registry.example.org/app:v9");
    await succeed("save", "registry.example.org/app:v9", "--format", "oci", "-o", saved);
    await succeed("rmi", String(id));
    expect((await succeed("import", saved)).trim()).toBe(id);
    const listed = JSON.parse(await succeed("images", "-o", "json")) as {
      id: string;
      references: string[];
    }[];
    expect(listed.find((image) => image.id === id)?.references).toEqual([
      "registry.example.org/app:v9",
    ]);
  });

  test("what is not there is said by its name", async () => {
    expect((await kaji("rmi", "none:v1")).stderr).toBe(
      'kaji: no image "none:v1" on this host: `kaji images` lists those there are\n',
    );
    expect((await kaji("save", "none:v1", "-o", join(cli.root, "x"))).stderr).toContain(
      'image "none:v1" is not in the image store',
    );
    expect((await kaji("tag", "none:v1", "b")).stderr).toContain(
      'image "none:v1" is not in the image store',
    );
    expect((await kaji("pull", "127.0.0.1:1/none")).stderr).toContain(
      "cannot reach the registry 127.0.0.1:1",
    );
    expect((await kaji("push", BASE, "--user", "me")).stderr).toContain("no password for me");
  });

  test("prune keeps what a container uses, and ps shows the container without a control plane", async () => {
    const id = (await succeed("images", "-q")).trim().split("\n").at(-1) ?? "";
    const record = recordContainer(id);
    const ps = await succeed("ps");
    expect(ps).toMatch(
      /^NAMESPACE +POD +CONTAINER +IMAGE +STATE +AGE +RSS +WORKING SET +PID\nshop +web-1 +web +app:v1 +Created +\d+s +- +- +-\n$/,
    );
    await succeed("prune", "--all");
    expect((await succeed("images", "-q")).trim()).toBe(id);
    record.remove();
    expect(await succeed("prune", "--all")).toMatch(/^removed sha256:.*\nfreed \d/s);
    expect(await succeed("images", "df")).toMatch(/\n0 B can be freed with `kaji prune`\n$/);
  });
});
