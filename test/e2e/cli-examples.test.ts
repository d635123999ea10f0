import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commands } from "#cli/commands/index";
import { packageRoot } from "#kit/package-root";
import { exampleFiles } from "#test/support/cli-examples";
import { type Finished, runProgram } from "#test/support/cluster";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";
import { start } from "#test/support/terminal";

/** Every example of every command, run as it stands there, in an order in which it can. */
const at = parityCluster();
const KAJI = join(packageRoot(), "kaji");

interface Step {
  readonly example: string;
  /** What it says instead of ending with 0: the cluster here is not as that of the example. */
  readonly says?: RegExp;
  /** It goes on until it is interrupted. */
  readonly stays?: true;
  readonly prepare?: () => Promise<unknown>;
}

const kaji = (...args: string[]) => at.cluster.kaji(...args);
const ready = () => at.kubectl("rollout", "status", "deploy/web", "--timeout=60s");
const file = (name: string): string => join(at.scratch, name);

async function setColour(...colours: string[]): Promise<void> {
  for (const colour of colours) await at.kubectl("set", "env", "deploy/web", `COLOUR=${colour}`);
}

/** Revisions 3 to 5: two are made by the examples before. */
async function deployAgain(): Promise<void> {
  for (const value of ["3", "4", "5"]) {
    exampleFiles.release(at.scratch, value);
    succeeded(await kaji("deploy", "-f", file("shop"), "--yes"));
  }
}

const DOWN = /^kaji: .*/;
const NO_STRATEGY = /rolls out without a strategy/;

const steps: readonly Step[] = [
  { example: "kaji version" },
  { example: "kaji version -o json" },
  { example: "kaji completion bash" },
  { example: "kaji completion fish" },
  // Images of this host.
  { example: "kaji import rootfs.tar example.org/base:latest" },
  { example: "kaji build . --tag example.org/web:v1" },
  { example: "kaji build web -f web/Dockerfile.release -t web:v2 --build-arg VERSION=2" },
  { example: "kaji images" },
  { example: "kaji images -o json" },
  { example: "kaji images df" },
  { example: "kaji save example.org/web:v1 -o web.tar" },
  {
    example: "kaji save web:v1 web:v2 --format oci -o web.tar",
    prepare: async () => succeeded(await kaji("tag", "example.org/web:v1", "web:v1")),
  },
  {
    example: "kaji import saved.tar",
    prepare: async () =>
      succeeded(await kaji("save", "example.org/web:v1", "-o", file("saved.tar"))),
  },
  { example: "kaji tag web:v1 registry.example.org/web:v1" },
  { example: "kaji rmi web:v1" },
  // Objects.
  { example: "kaji apply -f web.yaml" },
  {
    example: "kaji apply -f manifests/ -n staging",
    prepare: () => at.kubectl("create", "namespace", "staging"),
  },
  { example: "kaji rollout status deployment/web" },
  { example: "kaji rollout status deployment/web --no-watch" },
  { example: "kaji get pods -A -o wide", prepare: ready },
  { example: "kaji get deploy web -o yaml" },
  { example: "kaji complete -- get pods we" },
  {
    example: "kaji logs web-1 -f --tail 20",
    stays: true,
    prepare: () => at.kubectl("wait", "pod/web-1", "--for=condition=Ready", "--timeout=60s"),
  },
  { example: "kaji logs web-1 --all" },
  { example: "kaji logs deployment/web -f --since 5m", stays: true },
  { example: "kaji logs --all -n shop" },
  { example: "kaji events -A --types Warning" },
  { example: "kaji events --for pod/web-1 -w", stays: true },
  { example: "kaji why pod/web-1" },
  { example: "kaji why deployment/web -w", stays: true },
  { example: "kaji why ingress/shop -o json" },
  { example: "kaji top" },
  { example: "kaji top pods -A --sort-by memory" },
  { example: "kaji top nodes -w", stays: true },
  { example: "kaji trace" },
  { example: "kaji trace deployment/web" },
  { example: "kaji trace 4bf92f3577b34da6a3ce929d0e0e4736", says: DOWN },
  // Roll-outs.
  { example: "kaji rollout history deployment/web", prepare: () => setColour("a", "b", "c") },
  { example: "kaji rollout history deployment/web --revision 2" },
  { example: "kaji rollout undo deployment/web --to-revision 3" },
  { example: "kaji rollout undo deployment/web" },
  { example: "kaji rollout pause deployment/web" },
  { example: 'kaji patch deploy/web --type json -p \'[{"op":"remove","path":"/spec/paused"}]\'' },
  { example: "kaji rollout pause deployment/web" },
  { example: "kaji rollout resume deployment/web" },
  { example: "kaji rollout restart deployment/web" },
  { example: "kaji rollout promote deployment/web", says: NO_STRATEGY },
  { example: "kaji rollout promote deployment/web --full", says: NO_STRATEGY },
  { example: "kaji rollout abort deployment/web", says: NO_STRATEGY },
  { example: `kaji patch deployment web --patch '{"spec":{"replicas":3}}'` },
  // Releases.
  { example: "kaji deploy -f shop/ --dry-run" },
  { example: "kaji deploy -f shop/ --yes --atomic --timeout 5m" },
  { example: "kaji deploy history" },
  { example: "kaji deploy history shop" },
  { example: "kaji deploy status shop" },
  {
    example: "kaji deploy diff shop",
    prepare: async () => {
      exampleFiles.release(at.scratch, "2");
      succeeded(await kaji("deploy", "-f", file("shop"), "--yes"));
    },
  },
  { example: "kaji deploy diff shop 2 5", prepare: deployAgain },
  { example: "kaji deploy rollback shop 3 --dry-run" },
  { example: "kaji deploy rollback shop --yes" },
  { example: "kaji deploy delete shop --yes" },
  // Tenants.
  {
    example: "kaji tenant create acme --plan small --host acme.example.com",
    prepare: async () =>
      succeeded(await kaji("apply", "-f", join(packageRoot(), "manifests/tenants/plans.yaml"))),
  },
  { example: "kaji tenant create -f tenants.csv" },
  { example: "kaji tenant list" },
  { example: "kaji tenant list --search acme" },
  { example: "kaji tenant list --phase Failed" },
  { example: "kaji tenant wake acme" },
  { example: "kaji tenant show acme" },
  { example: "kaji tenant show acme -o yaml" },
  { example: "kaji tenant kubeconfig acme" },
  { example: "kaji tenant export acme" },
  { example: "kaji tenant suspend acme" },
  { example: "kaji tenant resume acme" },
  { example: "kaji tenant cordon acme" },
  { example: "kaji tenant uncordon acme" },
  { example: "kaji tenant delete acme" },
  // The cluster.
  { example: "kaji ps" },
  { example: "kaji ps -o wide" },
  { example: "kaji token create" },
  { example: "kaji token create --ttl 1h --single-use" },
  { example: "kaji token list" },
  { example: "kaji token delete abcdef", says: /there is no token "abcdef"/ },
  { example: "kaji encryption status" },
  { example: "kaji encryption rotate" },
  { example: "kaji ingress status" },
  { example: "kaji backup cluster.backup" },
  { example: "kaji doctor", says: /^$|problems? found|nothing is broken/ },
  { example: "kaji doctor -o json", says: /^$|problems? found|nothing is broken/ },
  { example: "kaji delete pod web-1" },
  { example: "kaji delete -f manifests/ --ignore-not-found" },
  { example: "kaji prune" },
  { example: "kaji prune --all" },
  { example: "kaji node shutdown" },
  { example: "kaji node shutdown --cancel" },
];

/** Those that start and end clusters, need the Internet or several machines, or take minutes: who runs them. */
const elsewhere: Readonly<Record<string, string>> = {
  "kaji up": "test/support/cluster.ts",
  "kaji up --ingress-address 0.0.0.0": "test/support/hosts-cluster.ts",
  "kaji down": "test/e2e/cluster.test.ts",
  "kaji down --purge": "test/support/cluster.ts",
  "kaji backup cluster.backup --store sqlite:///var/lib/kaji/state.db": "test/e2e/backup.test.ts",
  "kaji restore cluster.backup": "test/e2e/backup.test.ts",
  "kaji restore cluster.backup --store etcd://192.0.2.10:2379": "test/e2e/backup.test.ts",
  "kaji restore cluster.backup --force": "test/e2e/backup-machine.test.ts",
  "kaji advise --for 5m": "test/e2e/release-advise.test.ts",
  "kaji advise deployment/web -o yaml": "test/e2e/release-advise.test.ts",
  "kaji pull nginx:1.27": "test/e2e/cli-images.test.ts",
  "kaji pull registry.example.org/web:v1 --user me --password-stdin": "test/e2e/cli-images.test.ts",
  "kaji push registry.example.org/web:v1 --user me:secret": "test/e2e/cli-images.test.ts",
  "kaji server --bind-address 192.0.2.10": "test/support/hosts-cluster.ts",
  "kaji server --bind-address 192.0.2.11 --store etcd://192.0.2.10:2379 --server-token-file token":
    "test/e2e/hosts-servers.test.ts",
  "kaji server --prometheus http://127.0.0.1:9090 --metrics-rules rules.yaml":
    "test/e2e/hpa-prometheus.test.ts",
  [`kaji agent --server https://192.0.2.10:6443 --token abcdef.0123456789abcdef --ca-cert-hash sha256:${"0".repeat(64)}`]:
    "test/e2e/add-machine.test.ts",
  "kaji agent": "test/e2e/add-machine.test.ts",
  "kaji ingress --http-port 8080": "test/e2e/ingress-observed.test.ts",
  "kaji ingress --ingress-address 0.0.0.0 --access-log json --ingress-metrics-port 10254":
    "test/e2e/ingress-observed.test.ts",
};

/** As a shell splits: spaces, and single quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** In the folder of the files, as a user would stand there. */
function commandOf(example: string): readonly [string, ...string[]] {
  const [, ...words] = wordsOf(example);
  const command = commands.find(({ name }) => `${words.join(" ")} `.startsWith(`${name} `));
  const isLocal = command?.flags.some(({ name }) => name === "root-dir") === true;
  const root = isLocal ? ["--root-dir", at.cluster.rootDir] : [];
  return ["sh", "-c", 'cd "$0" && exec "$@"', at.scratch, KAJI, ...words, ...root];
}

async function run({ example, says, stays }: Step): Promise<void> {
  const env = { ...process.env, KUBECONFIG: at.cluster.kubeconfig };
  const [program, ...args] = commandOf(example);
  if (stays) {
    const running = start([program, ...args], env);
    await eventually(`${example} prints something`, () => running.stdout() !== "");
    expect(await running.interrupt(), running.stderr()).toBe(0);
    return;
  }
  const finished: Finished = await runProgram(program, args, { env });
  if (says) expect(finished.stderr, example).toMatch(says);
  else expect({ example, ...finished }, finished.stderr).toMatchObject({ code: 0 });
}

describe("the examples of the commands", () => {
  test("are all run, here or by the test that is named", () => {
    const all = commands.flatMap(({ examples }) => examples.map(({ command }) => command));
    const known = [...steps.map(({ example }) => example), ...Object.keys(elsewhere)];
    expect(new Set(known)).toEqual(new Set(all));
    for (const [example, path] of Object.entries(elsewhere)) {
      const [, word = ""] = wordsOf(example);
      expect(readFileSync(path, "utf8"), `${path} runs ${example}`).toMatch(
        new RegExp(`\\b${word}\\b`),
      );
    }
  });

  test("do what they say", { timeout: 600_000 }, async (context) => {
    requireHost(context, PARITY_NEEDS);
    exampleFiles.write(at.scratch);
    for (const step of steps) {
      await step.prepare?.();
      await run(step);
    }
  });
});
