import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { claim } from "#test/claims/claim";
import { hostSecrets } from "#test/claims/host-secrets";
import { type ClaimNode, onNode, withSecurity } from "#test/claims/node";
import { exitCode, whyNot } from "#test/e2e/runtime-fixture";

const sharedPids = { network: "sandbox", pid: "sandbox", ipc: "sandbox" } as const;
const LAST_DESCRIPTOR = 24;

claim(
  28,
  "an image cannot trick the runtime itself: not by its working directory, its links, its passwd file or /proc/self/exe",
  (report) =>
    onNode(async (node) => {
      const tricks = [
        leakedDirectories,
        directoriesThroughProc,
        linksThroughProc,
        foreignPasswd,
        ownProgram,
        buildThroughLinks,
      ];
      for (const trick of tricks) await trick(node);
      report.figure("tricks", `${tricks.length} tried, 0 succeeded`);
    }),
  whyNot,
);

claim(
  28,
  "containers that share a process namespace see each other, but not the runtime's files behind process 1",
  (report) =>
    onNode(async (node) => {
      const secrets = await hostSecrets(node.root);
      try {
        const sandboxId = await node.sandbox({ namespaces: sharedPids });
        const id = await node.run("sleep 600", { sandboxId });
        for (const path of [`root${secrets.file}`, "environ", "maps", "fd/0", "mem"]) {
          const { code, text } = await node.execute(id, "sh", "-c", `cat /proc/1/${path} | wc -c`);
          expect(`${path}: ${text}`).toMatch(/^\S+: 0\n/);
          expect(code).toBe(0);
        }
        const signals = "s=1; while [ $s -lt 65 ]; do kill -$s 1; s=$((s+1)); done; kill -9 1";
        await node.execute(id, "sh", "-c", signals);
        expect((await node.execute(id, "echo", "alive")).text).toBe("alive\n");
        report.figure("process 1 read, or ended by any of 64 signals", "no");
      } finally {
        await secrets.close();
      }
    }),
  whyNot,
);

/** A descriptor the runtime holds while it starts a container must not become its working directory. */
async function leakedDirectories(node: ClaimNode): Promise<void> {
  const secret = join(node.root, "secret");
  writeFileSync(secret, "of the host\n");
  const script = `for at in . .. ../../../../../../../..; do cat $at${secret}; done`;
  for (let fd = 0; fd <= LAST_DESCRIPTOR; fd++) {
    const { text } = await node.output(script, { workingDir: `/proc/self/fd/${fd}` });
    expect(text).not.toContain("of the host");
  }
}

/** With shared processes /proc/1/root is the host's root until the container has given up its rights. */
async function directoriesThroughProc(node: ClaimNode): Promise<void> {
  const trace = join(node.root, "made-by-container");
  const sandboxId = await node.sandbox({ namespaces: sharedPids });
  const start = node.run("pwd; ls", { sandboxId, workingDir: `/proc/1/root${trace}` });
  await expect(start).rejects.toThrow();
  expect(existsSync(trace)).toBe(false);
  await node.runtime.removeSandbox(sandboxId);
}

async function linksThroughProc(node: ClaimNode): Promise<void> {
  const trace = join(node.root, "made-through-link");
  await node.build("links", `FROM busybox\nRUN ln -s /proc/1/root${trace} /volume\n`);
  const sandboxId = await node.sandbox({ namespaces: sharedPids });
  const directory = join(node.root, "native");
  for (const [hostPath, containerPath] of [
    [directory, "/volume/deep"],
    [join(directory, "kaji-native"), "/volume"],
  ] as const) {
    const mount = { hostPath, containerPath, isReadOnly: true, propagation: "private" } as const;
    const start = node.run("sleep 600", { sandboxId, image: "links", mounts: [mount] });
    await expect(start).rejects.toThrow();
    expect(existsSync(trace)).toBe(false);
  }
  await node.runtime.removeSandbox(sandboxId);
}

/** The runtime reads the image's passwd from the host: a link in it must not lead to the host's. */
async function foreignPasswd(node: ClaimNode): Promise<void> {
  const own = readFileSync("/etc/passwd", "utf8");
  const name = ["www-data", "daemon", "bin"].find((user) => own.includes(`${user}:`)) ?? "nobody";
  const depth = "../".repeat(20);
  await node.build(
    "passwd",
    `FROM busybox\nRUN ln -sf ${depth}etc/shadow /etc/group && ln -sf /etc/shadow /etc/passwd\n`,
  );
  const { text } = await node.output("id", {
    image: "passwd",
    ...withSecurity({ runAsUser: name }),
  });
  expect(text).toBe(`unable to find user ${name}: no matching entries in passwd file`);
}

/** Neither a link in the context nor one in the image leads a build to files of the host. */
async function buildThroughLinks(node: ClaimNode): Promise<void> {
  const outside = join(node.root, "outside");
  const contextDir = join(node.root, "hostile-context");
  for (const directory of [outside, contextDir]) mkdirSync(directory);
  writeFileSync(join(outside, "secret"), "of the host\n");
  symlinkSync(join(outside, "secret"), join(contextDir, "link"));
  symlinkSync(outside, join(contextDir, "directory"));
  const base = `FROM busybox\nRUN ln -s ${outside} /out\n`;
  await node.build("linked", base);
  const refused: string[] = [];
  for (const copy of [
    "link /stolen",
    "directory/secret /stolen",
    "../outside/secret /stolen",
    "Dockerfile /out/planted",
  ]) {
    writeFileSync(join(contextDir, "Dockerfile"), `FROM linked\nCOPY ${copy}\n`);
    const build = node.store.build({ contextDir, tags: ["stolen"], pulls: "never" });
    await build.catch(() => refused.push(copy));
    if (refused.includes(copy)) continue;
    const { text } = await node.output("cat /stolen", { image: "stolen" });
    expect(text).not.toContain("of the host");
  }
  expect(readdirSync(outside)).toEqual(["secret"]);
}

/** /proc/self/exe is the runtime's own program until exec: running or writing it must not change the host's. */
async function ownProgram(node: ClaimNode): Promise<void> {
  const program = join(node.root, "native/kaji-native");
  const before = sha256(program);
  const sandboxId = await node.sandbox({ namespaces: sharedPids });
  const id = await node.run("", { sandboxId, command: ["/proc/self/exe", "launcher"] });
  const attacker = await node.run(
    "for exe in /proc/[0-9]*/exe; do echo x >> $exe; done; for exe in /proc/[0-9]*/exe; do cp /bin/busybox $exe; done",
    { sandboxId },
  );
  await exitCode(node.runtime, attacker);
  expect(sha256(program)).toBe(before);
  await node.runtime.removeContainer(id);
  await node.runtime.removeSandbox(sandboxId);
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
