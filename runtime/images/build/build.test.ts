import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { geteuid } from "node:process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import type { BuildOptions, BuildProgress, RunCommand } from "#runtime/images/build/options";
import { createTree } from "#runtime/images/build/tree";
import { createImageStore, type ImageStore } from "#runtime/images/image-store";

const isRoot = geteuid?.() === 0;
if (!isRoot) console.warn("skipped: building images needs root (unpacking layers, RUN)");

let directory: string;
let context: string;
let store: ImageStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kaji-images-"));
  context = join(directory, "context");
  mkdirSync(context);
  store = newStore("store");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function newStore(name: string): ImageStore {
  return createImageStore({ root: join(directory, name), log: silentLog, clock: systemClock });
}

function files(content: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(content)) {
    mkdirSync(dirname(join(context, name)), { recursive: true });
    writeFileSync(join(context, name), text);
  }
}

function build(dockerfile: string, options: Partial<BuildOptions> = {}, into = store) {
  writeFileSync(join(context, "Dockerfile"), dockerfile);
  return into.build({ contextDir: context, pulls: "never", ...options });
}

async function read(imageId: string, path: string): Promise<string> {
  const tree = await createTree(await store.lowerDirs(imageId));
  const entry = await tree.find(await tree.resolve(path));
  if (entry?.kind !== "file") throw new Error(`no file ${path}`);
  return readFileSync(entry.hostPath, "utf8");
}

async function entryOf(imageId: string, path: string) {
  return (await createTree(await store.lowerDirs(imageId))).find(path);
}

describe.skipIf(!isRoot)("building from files", () => {
  test("copies files, directories and globs, and keeps modes", async () => {
    files({ "app/main.js": "main", "app/lib/a.js": "a", "x.txt": "x", "y.txt": "y" });
    chmodSync(join(context, "app/main.js"), 0o755);
    symlinkSync("main.js", join(context, "app/link.js"));
    const { image } = await build(`
FROM scratch
COPY app /srv/app
COPY *.txt /texts/
COPY x.txt /one
COPY --chown=7:8 --chmod=600 y.txt /two
`);
    expect(await read(image.id, "srv/app/main.js")).toBe("main");
    expect(await read(image.id, "srv/app/link.js")).toBe("main");
    expect(await read(image.id, "srv/app/lib/a.js")).toBe("a");
    expect(await read(image.id, "texts/y.txt")).toBe("y");
    expect(await read(image.id, "one")).toBe("x");
    const main = await entryOf(image.id, "srv/app/main.js");
    expect([(main?.stats.mode ?? 0) & 0o7777, main?.stats.mtimeMs]).toEqual([0o755, 0]);
    const two = await entryOf(image.id, "two");
    expect([(two?.stats.mode ?? 0) & 0o7777, two?.stats.uid, two?.stats.gid]).toEqual([
      0o600, 7, 8,
    ]);
  });

  test("two builds of the same context give the same digest, whatever the store and the times", async () => {
    files({ "a/b": "b", c: "c" });
    const text = `FROM scratch
ENV A=1
COPY . /app/
WORKDIR /app/new
LABEL z=1 a=2
`;
    const first = await build(text);
    utimesSync(join(context, "a/b"), 1_000_000_000, 1_000_000_000);
    const second = await build(text, {}, newStore("other"));
    expect(second.manifestDigest).toBe(first.manifestDigest);
    expect(second.cachedSteps).toBe(0);
    const third = await build(text);
    expect(third.cachedSteps).toBe(1);
    files({ c: "changed" });
    expect((await build(text)).manifestDigest).not.toBe(first.manifestDigest);
  });

  test("records how to run the image", async () => {
    const { image } = await build(`
ARG BASE=scratch
FROM $BASE
ARG VERSION=1.2
ARG UNSET
ENV A=b C="d e" V=v\${VERSION}
ENV OLD value with  spaces
ENV D=\${UNSET:-fallback} E=\${A:+set} F='$A'
WORKDIR /srv
WORKDIR app
USER 1000:1000
EXPOSE 80 53/udp
LABEL maintainer="me" \\
      # a comment inside
      other='x y'
VOLUME /data
STOPSIGNAL SIGQUIT
SHELL ["/bin/bash", "-c"]
HEALTHCHECK --interval=5s --retries=3 CMD curl localhost
ENTRYPOINT ["/app"]
CMD serve --port 80
`);
    expect(image.config).toEqual({
      user: "1000:1000",
      env: ["A=b", "C=d e", "V=v1.2", "OLD=value with  spaces", "D=fallback", "E=set", "F=$A"],
      entrypoint: ["/app"],
      cmd: ["/bin/bash", "-c", "serve --port 80"],
      workingDir: "/srv/app",
      exposedPorts: ["80/tcp", "53/udp"],
      labels: { maintainer: "me", other: "x y" },
      stopSignal: "SIGQUIT",
    });
  });

  test("leaves out what .dockerignore names, and says so when it is asked for", async () => {
    files({
      ".dockerignore": "node_modules\n*.log\n!keep.log\nsub\n!sub/back\n",
      "node_modules/x": "",
      "a.log": "",
      "keep.log": "k",
      "sub/back": "b",
      "sub/gone": "g",
      app: "app",
    });
    const { image } = await build("FROM scratch\nCOPY . /\n");
    const tree = await createTree(await store.lowerDirs(image.id));
    expect(await tree.names("")).toEqual([".dockerignore", "Dockerfile", "app", "keep.log", "sub"]);
    expect(await tree.names("sub")).toEqual(["back"]);
    await expect(build("FROM scratch\nCOPY a.log /\n")).rejects.toThrow(
      "left out by .dockerignore",
    );
  });

  test("copies from an earlier stage and from a stored image, and builds only what the target needs", async () => {
    files({ tool: "tool", app: "app" });
    await build("FROM scratch\nCOPY tool /bin/tool\n", { tags: ["tools:1"] });
    const { image, steps } = await build(`
FROM scratch AS unused
COPY nowhere /
FROM scratch AS Build
COPY app /out/app
FROM scratch
COPY --from=build /out /
COPY --from=tools:1 /bin/tool /bin/
`);
    expect(await read(image.id, "app")).toBe("app");
    expect(await read(image.id, "bin/tool")).toBe("tool");
    expect(steps).toBe(5);
    const target = await build("FROM scratch AS a\nCOPY app /\nFROM a AS b\nCOPY tool /\n", {
      target: "a",
    });
    expect(await entryOf(target.image.id, "tool")).toBeUndefined();
  });

  test("unpacks local archives with ADD, and heredocs become files", async () => {
    files({ "src/deep/file": "packed" });
    execFileSync("tar", [
      "-czf",
      join(context, "src.tgz"),
      "--owner=5",
      "--group=6",
      "-C",
      join(context, "src"),
      ".",
    ]);
    const { image } = await build(`
FROM scratch
ARG NAME=world
ADD src.tgz /opt/
COPY <<one <<"two" /etc/
hello $NAME
one
raw $NAME
two
`);
    expect(await read(image.id, "opt/deep/file")).toBe("packed");
    expect((await entryOf(image.id, "opt/deep/file"))?.stats.uid).toBe(5);
    expect(await read(image.id, "etc/one")).toBe("hello world\n");
    expect(await read(image.id, "etc/two")).toBe("raw $NAME\n");
  });

  test("keeps the mode of directories below which it copies, and follows their links", async () => {
    files({ f: "f" });
    const root = join(directory, "root");
    mkdirSync(join(root, "usr/lib"), { recursive: true });
    mkdirSync(join(root, "tmp"));
    chmodSync(join(root, "tmp"), 0o1777);
    symlinkSync("usr/lib", join(root, "lib"));
    execFileSync("tar", ["-cf", join(directory, "root.tar"), "-C", root, "."]);
    await store.import({ path: join(directory, "root.tar") }, { reference: "base" });
    const { image } = await build("FROM base\nCOPY f /tmp/f\nCOPY f /lib/f\n");
    expect(((await entryOf(image.id, "tmp"))?.stats.mode ?? 0) & 0o7777).toBe(0o1777);
    expect((await entryOf(image.id, "usr/lib/f"))?.kind).toBe("file");
    expect((await entryOf(image.id, "lib"))?.kind).toBe("symlink");
  });

  const mistakes: readonly [string, string, string][] = [
    [
      "an unknown instruction",
      "FROM scratch\nCOPPY a b\n",
      "Dockerfile:2: unknown instruction: COPPY\n  2 | COPPY a b",
    ],
    [
      "a missing source",
      "FROM scratch\n\nCOPY app /app\n",
      'Dockerfile:3: "/app" is not in the build context: no such file or directory\n  3 | COPY app /app',
    ],
    [
      "a missing base",
      "FROM nowhere:1\n",
      'Dockerfile:1: image "nowhere:1" is not in the image store',
    ],
    ["no FROM", "COPY a b\n", "no build stage in current context"],
    ["an unknown flag", "FROM scratch\nCOPY --parents a /\n", "COPY --parents is not supported"],
    ["an open quote", 'FROM scratch\nENV A="b\n', 'Dockerfile:2: a quote (") is not closed'],
    ["an open heredoc", "FROM scratch\nCOPY <<EOF /x\nabc\n", "unterminated heredoc EOF"],
    ["RUN without a runtime", "FROM scratch\nRUN true\n", "RUN needs a runtime"],
    ["an unknown target", "FROM scratch\n", 'target stage "x" could not be found'],
  ];
  test.each(mistakes)("says file, line and text for %s", async (_, text, message) => {
    const options = message.includes("target") ? { target: "x" } : {};
    await expect(build(text, options)).rejects.toThrow(message);
  });
});

describe.skipIf(!isRoot)("RUN", () => {
  test("runs commands on the stage so far, keeps what they write, delete and replace, and caches", async () => {
    await importBusybox();
    const text = `
FROM busybox
ARG WHO=kaji
RUN mkdir -p /d/old && echo $WHO > /d/old/f && echo one > /a && ln /a /b && chmod 4755 /a
RUN rm /b && rm -rf /d && mkdir /d && echo new > /d/g
RUN <<EOF
echo from heredoc > /h
EOF
USER 5
`;
    const progress: BuildProgress[] = [];
    const options = {
      runCommand: runInNamespaces,
      onProgress: (event: BuildProgress) => void progress.push(event),
    };
    const first = await build(text, options);
    expect(await read(first.image.id, "a")).toBe("one\n");
    expect(await read(first.image.id, "h")).toBe("from heredoc\n");
    expect(await entryOf(first.image.id, "b")).toBeUndefined();
    const tree = await createTree(await store.lowerDirs(first.image.id));
    expect(await tree.names("d")).toEqual(["g"]);
    expect(((await tree.find("a"))?.stats.mode ?? 0) & 0o7777).toBe(0o4755);
    expect(progress.at(-1)).toEqual({
      type: "step",
      label: "[6/6]",
      text: "USER 5",
      state: "done",
    });
    const again = await build(text, options);
    expect([again.manifestDigest, again.cachedSteps]).toEqual([first.manifestDigest, 3]);
    const uncached = await build(text, { ...options, usesCache: false });
    expect([uncached.manifestDigest, uncached.cachedSteps]).toEqual([first.manifestDigest, 0]);
  });

  test("a command that fails stops the build with its exit code", async () => {
    await importBusybox();
    await expect(
      build("FROM busybox\nRUN exit 3\n", { runCommand: runInNamespaces }),
    ).rejects.toThrow(
      'Dockerfile:2: process "/bin/sh -c exit 3" did not complete successfully: exit code: 3',
    );
  });
});

async function importBusybox(): Promise<void> {
  const root = join(directory, "busybox-root");
  mkdirSync(join(root, "bin"), { recursive: true });
  execFileSync("cp", ["/bin/busybox", join(root, "bin/busybox")]);
  for (const name of ["sh", "mkdir", "ln", "rm", "chmod"])
    symlinkSync("busybox", join(root, "bin", name));
  execFileSync("tar", ["-cf", join(directory, "busybox.tar"), "-C", root, "."]);
  await store.import({ path: join(directory, "busybox.tar") }, { reference: "busybox" });
}

/** Overlay and chroot in a private mount namespace: what a runtime does, in one shell line. */
const runInNamespaces: RunCommand = ({
  lowerDirs,
  upperDir,
  command,
  env,
  workingDir,
  onOutput,
}) => {
  const merged = join(dirname(upperDir), "merged");
  const work = join(dirname(upperDir), "work");
  mkdirSync(merged);
  mkdirSync(work);
  const mount = `lowerdir=${lowerDirs.join(":")},upperdir=${upperDir},workdir=${work}`;
  const script =
    'mount -t overlay overlay -o "$1" "$2" && cd "$2" && shift 2 && exec chroot . /bin/busybox env -i "$@"';
  const child = spawn("unshare", [
    "-m",
    "sh",
    "-c",
    script,
    "sh",
    mount,
    merged,
    ...env,
    "/bin/busybox",
    "sh",
    "-c",
    'cd "$0" && exec "$@"',
    workingDir,
    ...command,
  ]);
  child.stdout.on("data", (chunk: Buffer) => onOutput(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => onOutput(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
};
