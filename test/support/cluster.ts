import { execFile, type ExecFileException } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locationsFor, type Locations } from "#kit/locations";
import { packageRoot } from "#kit/package-root";
import { findProgram, freePorts } from "#test/support/host";

/** A whole one-machine cluster of its own root, started and stopped by the command line as a user would. */
export interface TestCluster {
  readonly locations: Locations;
  readonly rootDir: string;
  readonly url: string;
  readonly httpsPort: number;
  readonly kubeconfig: string;
  kaji(...args: string[]): Promise<Finished>;
  kubectl(...args: string[]): Promise<Finished>;
  /** With text on its standard input. */
  kubectlInput(input: string, ...args: string[]): Promise<Finished>;
  up(): Promise<Finished>;
  /** What `up` runs. */
  readonly upCommand: readonly string[];
  down(): Promise<Finished>;
  /** The keeper's child: the component itself. */
  pidOf(component: "server" | "agent" | "ingress"): number;
  dispose(): Promise<void>;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const COMMAND_TIMEOUT_MS = 90_000;

export interface ClusterOptions {
  /** Clusters that run at the same time on one host need ranges of their own. */
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  /** More flags of `kaji up`. */
  readonly flags?: readonly string[];
  /** An empty directory, such as a file system of its own; removed in the end. */
  readonly rootDir?: string;
}

export async function createCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  // Before there is anything that would have to be removed again, which only the program can do.
  if (!existsSync(join(packageRoot(), "dist/kaji.js")))
    throw new Error("run `npm run build` first");
  const { podCidr = "10.245.0.0/16", serviceCidr = "10.97.0.0/16" } = options;
  const rootDir = options.rootDir ?? mkdtempSync(join(tmpdir(), "kaji-cluster-"));
  const locations = locationsFor(rootDir);
  const [api = 0, gateway = 0, http = 0, https = 0] = await freePorts(4);
  const kubeconfig = join(locations.lib, "admin.kubeconfig");
  const kajiPath = join(packageRoot(), "kaji");
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  const root = ["--root-dir", rootDir];
  const kaji = (...args: string[]): Promise<Finished> =>
    runProgram(kajiPath, [...args, ...root], { env });
  const upCommand = [
    ...["up", ...root, "--api-port", String(api), "--gateway-port", String(gateway)],
    ...["--http-port", String(http), "--https-port", String(https)],
    ...["--pod-cidr", podCidr, "--service-cidr", serviceCidr, "--node-name", "node-1"],
    ...(options.flags ?? []),
  ];
  const kubectl = findProgram("kubectl") ?? "kubectl";
  return {
    locations,
    rootDir,
    kubeconfig,
    url: `http://127.0.0.1:${http}/`,
    httpsPort: https,
    kaji,
    kubectl: (...args) => runProgram(kubectl, args, { env }),
    kubectlInput: (input, ...args) => runProgram(kubectl, args, { env, input }),
    up: () => runProgram(kajiPath, upCommand, { env }),
    upCommand,
    down: () => kaji("down"),
    pidOf: (component) =>
      childOf(Number(readFileSync(join(locations.run, `${component}.pid`), "utf8"))),
    async dispose() {
      const { code, stderr } = await kaji("down", "--purge");
      if (code !== 0) throw new Error(`kaji down --purge failed, ${rootDir} is left: ${stderr}`);
      rmSync(rootDir, { recursive: true, force: true });
    },
  };
}

/** Never throws for an exit code: the test reads it. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      {
        env: options.env ?? process.env,
        timeout: options.timeoutMs ?? COMMAND_TIMEOUT_MS,
        maxBuffer: 1 << 28,
      },
      (error: ExecFileException | null, stdout, stderr) => {
        const code = error ? (typeof error.code === "number" ? error.code : 255) : 0;
        resolve({
          code,
          stdout,
          stderr: stderr || (error && typeof error.code !== "number" ? error.message : ""),
        });
      },
    );
    child.stdin?.on("error", () => child.stdin?.destroy());
    child.stdin?.end(options.input ?? "");
  });
}

function childOf(pid: number): number {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean);
  return Number(child);
}

/** A root file system of Debian's static busybox, as a tar: the base image of tests and of the demo. */
export async function busyboxTar(folder: string): Promise<string> {
  const rootfs = join(folder, "rootfs");
  rmSync(rootfs, { recursive: true, force: true });
  for (const name of ["bin", "etc", "tmp", "root", "proc", "sys", "dev", "var"]) {
    mkdirSync(join(rootfs, name), { recursive: true });
  }
  cpSync(findProgram("busybox") ?? "/bin/busybox", join(rootfs, "bin/busybox"));
  writeFileSync(
    join(rootfs, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  );
  writeFileSync(join(rootfs, "etc/group"), "root:x:0:\n");
  const { stdout } = await runProgram("busybox", ["--list"]);
  const links = stdout.split("\n").filter((name) => name && name !== "busybox");
  for (const name of links) symlinkSync("busybox", join(rootfs, "bin", name));
  chmodSync(join(rootfs, "tmp"), 0o1777);
  const tar = join(folder, "rootfs.tar");
  const stable = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await runProgram("tar", [...stable, "-C", rootfs, "-cf", tar, "."]);
  return tar;
}
