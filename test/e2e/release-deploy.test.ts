import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "#kit/package-root";
import { eventually, requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";

/** Releases as a user deploys them: folders of manifests, on a machine's own cluster with real pods. */
const at = parityCluster({ podCidr: "10.239.0.0/16", serviceCidr: "10.89.0.0/16" });

type Manifest = Record<string, unknown> & { kind: string; metadata: object };

function configMap(name: string, value: string, annotations: object = {}): Manifest {
  const metadata = { name, annotations };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { value } };
}

function podSpec(command: string, more: object = {}) {
  const container = { name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent" };
  const containers = [{ ...container, command: ["sh", "-c", command] }];
  return { terminationGracePeriodSeconds: 0, containers, ...more };
}

function deployment(name: string, command: string, annotations: object = {}): Manifest {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(command) };
  const spec = { selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, annotations }, spec };
}

function job(name: string, command: string, annotations: object = {}): Manifest {
  const template = { spec: podSpec(command, { restartPolicy: "Never" }) };
  const metadata = { name, annotations };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { backoffLimit: 0, template } };
}

/** A folder with these manifests, a file each. */
function folder(name: string, ...manifests: Manifest[]): string {
  const path = join(at.scratch, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  manifests.forEach((one, index) =>
    writeFileSync(join(path, `${index}.json`), JSON.stringify(one)),
  );
  return path;
}

const kaji = (...args: string[]) => at.cluster.kaji(...args);
const deploy = (path: string, ...flags: string[]) => kaji("deploy", "-f", path, "--yes", ...flags);
const has = async (name: string): Promise<boolean> =>
  (await at.cluster.kubectl("get", ...name.split("/"))).code === 0;

const RUN = "sleep 1000";

test("a release starts in order, is shown before, pruned, and rolled back as one", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "key" } };
  const claim = {
    ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "disk" } },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  };
  const shop = (...more: Manifest[]) =>
    folder(
      "shop",
      deployment("web", RUN, { "kaji.dev/depends-on": "Job/migrate, Deployment/db" }),
      deployment("db", RUN),
      job("migrate", "sleep 1", { "kaji.dev/depends-on": "deployment/db" }),
      ...more,
    );

  const first = shop(
    { ...secret, stringData: { password: "first-secret" } },
    claim,
    configMap("old", "1"),
    configMap("kept", "1", { "kaji.dev/prune": "false" }),
  );
  expect((await kaji("deploy", "-f", first)).stderr).toContain("give --yes to go on");
  const dry = succeeded(await kaji("deploy", "-f", first, "--dry-run"));
  expect(dry).toContain("deployment.apps/web is new");
  expect(dry).not.toContain("first-secret");
  expect(await has("deployment/web")).toBe(false);

  const deployed = succeeded(await deploy(first));
  const order = [...deployed.matchAll(/^(\S+) created$/gm)].map(([, name]) => name);
  expect(order.slice(0, 4).sort()).toEqual([
    "configmap/kept",
    "configmap/old",
    "persistentvolumeclaim/disk",
    "secret/key",
  ]);
  expect(order.slice(4)).toEqual([
    "deployment.apps/db",
    "job.batch/migrate",
    "deployment.apps/web",
  ]);
  expect(deployed).toContain("release shop is deployed: revision 1");
  const completed = ["get", "job/migrate", "-o", "jsonpath={.status.completionTime}"];
  const created = ["get", "deploy/web", "-o", "jsonpath={.metadata.creationTimestamp}"];
  const [jobEnd, webStart] = [await at.kubectl(...completed), await at.kubectl(...created)];
  expect(Date.parse(webStart)).toBeGreaterThanOrEqual(Date.parse(jobEnd));
  expect(succeeded(await deploy(first))).toBe("release shop is up to date: revision 1\n");

  const second = shop(
    { ...secret, stringData: { password: "second-secret" } },
    configMap("young", "2"),
  );
  const changed = await deploy(second);
  expect(succeeded(changed)).toContain("configmap/old goes");
  expect(changed.stdout).toContain("*** (after)");
  expect(changed.stdout).not.toMatch(/(first|second)-secret|Zmlyc3Q|c2Vjb25k/);
  expect(changed.stdout).toContain("configmap/old pruned");
  expect(changed.stderr).toContain(
    "PersistentVolumeClaim disk is in no manifest any more and stays",
  );
  expect([await has("cm/old"), await has("cm/kept"), await has("pvc/disk")]).toEqual([
    false,
    true,
    true,
  ]);
  expect(succeeded(await kaji("deploy", "diff", "shop"))).toContain("configmap/young is new");

  succeeded(await kaji("deploy", "rollback", "shop", "--yes"));
  expect([await has("cm/old"), await has("cm/young")]).toEqual([true, false]);
  const password = ["get", "secret/key", "-o", "jsonpath={.data.password}"];
  expect(Buffer.from(await at.kubectl(...password), "base64").toString()).toBe("first-secret");
  expect(succeeded(await kaji("deploy", "history", "shop"))).toMatch(
    /1 +superseded.*\n2 +superseded.*\n3 +deployed +\S+ +7 +rollback to revision 1\n/,
  );
  expect(succeeded(await kaji("deploy", "status", "shop"))).toMatch(
    /revision 3 \(rollback to revision 1\) is deployed[^]*deployment\.apps\/web +default +done +deployment "web" successfully rolled out/,
  );

  const deleted = succeeded(await kaji("deploy", "delete", "shop", "--yes"));
  expect(deleted).toMatch(/deployment.apps\/web pruned[^]*release "shop" deleted\n$/);
  expect([await has("deploy/web"), await has("cm/kept"), await has("pvc/disk")]).toEqual([
    false,
    true,
    true,
  ]);
  expect(await at.kubectl("get", "secrets", "-l", "kaji.dev/release-name=shop", "-o", "name")).toBe(
    "",
  );
}, 180_000);

test("with --atomic a release whose workload fails goes back whole, and says why", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const good = folder("atom", deployment("app", RUN), configMap("settings", "good"));
  succeeded(await deploy(good));
  const bad = folder(
    "atom",
    deployment("app", "exit 3"),
    configMap("settings", "bad"),
    configMap("more", "1"),
  );
  const failed = await deploy(bad, "--atomic", "--timeout", "8s");
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /kaji: release atom is back at revision 1, as revision 2 failed: timed out waiting for deployment.apps\/app: Waiting for deployment "app" rollout to finish: .*pod default\/app-/,
  );
  expect(await at.kubectl("get", "cm/settings", "-o", "jsonpath={.data.value}")).toBe("good");
  expect(await has("cm/more")).toBe(false);
  await at.kubectl("rollout", "status", "deployment/app", "--timeout=60s");
  expect(succeeded(await kaji("deploy", "history", "atom"))).toMatch(
    /2 +failed .*timed out waiting for[^]*3 +deployed .*rollback to revision 1, as revision 2 failed/,
  );

  const broken = folder("fresh", job("never", "exit 1"), configMap("alone", "1"));
  const gone = await deploy(broken, "--atomic", "--timeout", "60s");
  expect(gone.stderr).toMatch(
    /release fresh is back at what was there before: nothing.*job "never" failed/,
  );
  expect([await has("job/never"), await has("cm/alone")]).toEqual([false, false]);
});

test("of two who deploy at once one is told to wait, and a killed deploy is gone on from", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const slow = folder(
    "slow",
    configMap("one", "1"),
    job("long", "sleep 600"),
    configMap("two", "1", { "kaji.dev/depends-on": "Job/long" }),
  );
  const args = ["deploy", "-f", slow, "--yes", "--root-dir", at.cluster.rootDir];
  const running = spawn(join(packageRoot(), "kaji"), args, { stdio: "ignore", detached: true });
  const isPending = async () =>
    (await kaji("deploy", "history", "slow")).stdout.includes("pending") && (await has("job/long"));
  await eventually("the first is at it", isPending);
  const other = await deploy(folder("slow", configMap("one", "2")));
  expect(other).toMatchObject({ code: 1 });
  expect(other.stderr).toMatch(
    /kaji: release slow is being deployed by \S+@\S+, process \d+ \(revision 1, since .*\): wait until that ends, then run this again\n$/,
  );

  process.kill(-(running.pid ?? 0), "SIGKILL");
  await once(running, "exit");
  const next = await deploy(folder("slow", configMap("one", "3")));
  expect(next.stderr).toContain("revision 1 of slow was left pending by");
  expect(succeeded(next)).toMatch(
    /job.batch\/long pruned\n(.*\n)*release slow is deployed: revision 2\n/,
  );
  expect([await has("job/long"), await has("cm/two")]).toEqual([false, false]);
  expect(succeeded(await kaji("deploy", "history", "slow"))).toMatch(/1 +failed .*interrupted/);
});

test("what cannot be deployed is refused before anything is written", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const on = (what: string) => ({ "kaji.dev/depends-on": what });
  const refusals: [Manifest[], RegExp][] = [
    [
      [configMap("a", "1", on("ConfigMap/b")), configMap("b", "1", on("ConfigMap/a"))],
      /kaji.dev\/depends-on goes in a circle: configmap\/a -> configmap\/b -> configmap\/a; take one of them away/,
    ],
    [[configMap("a", "1"), configMap("a", "2")], /configmap\/a is there twice/],
    [[configMap("a", "1", on("b"))], /has "b": write KIND\/NAME/],
    [[configMap("a", "1", on("Gizmo/b"))], /no kind is called "Gizmo"/],
    [
      [configMap("a", "1", on("Job/absent"))],
      /depends on job.batch\/absent, which is neither in the release nor in namespace default already/,
    ],
    [
      [configMap("a", "1"), { ...configMap("B_", "1") }],
      /configmap\/B_ is refused: .*Invalid value/,
    ],
  ];
  for (const [manifests, sentence] of refusals) {
    const { code, stderr } = await deploy(folder("wrong", ...manifests));
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
  }
  expect(await has("cm/a")).toBe(false);
  expect((await kaji("deploy", "history", "wrong")).stderr).toMatch(/there is no release "wrong"/);
  expect((await kaji("deploy", "rollback", "wrong")).stderr).toMatch(/there is no release "wrong"/);
  expect((await kaji("deploy", "-f", "-")).stderr).toMatch(/no objects in -|give one with --name/);

  succeeded(await deploy(folder("mine", configMap("shared", "1"))));
  const theirs = await deploy(folder("theirs", configMap("shared", "2")));
  expect(theirs.stderr).toMatch(
    /configmap\/shared belongs to release default\/mine: .*--take-over/,
  );
  succeeded(await deploy(folder("theirs", configMap("shared", "2")), "--take-over"));
  succeeded(await kaji("deploy", "delete", "mine", "--yes"));
  expect(await has("cm/shared")).toBe(true);
});

test("the example of the manual deploys, and its Job runs before its web", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const example = join(packageRoot(), "manifests/releases/shop");
  expect(succeeded(await deploy(example, "--name", "example", "--atomic"))).toMatch(
    /job.batch\/shop-migrate created\ndeployment.apps\/shop-web created\nrelease example is deployed: revision 1\n/,
  );
  succeeded(await kaji("deploy", "delete", "example", "--yes", "--prune-all"));
  await eventually("the claim is gone", async () => !(await has("pvc/shop-data")));
});

test("a Job whose template changes is replaced where it says so", async (context) => {
  requireHost(context, PARITY_NEEDS);
  succeeded(await deploy(folder("jobs", job("task", "true"))));
  const refused = await deploy(folder("jobs", job("task", "echo 2")));
  expect(refused.stderr).toMatch(
    /the template of job.batch\/task cannot be changed: .*kaji.dev\/replace: "true"/,
  );
  const again = await deploy(folder("jobs", job("task", "echo 2", { "kaji.dev/replace": "true" })));
  expect(succeeded(again)).toContain("revision 2");
  const command = [
    "get",
    "job/task",
    "-o",
    "jsonpath={.spec.template.spec.containers[0].command[2]}",
  ];
  expect(await at.kubectl(...command)).toBe("echo 2");
});
