import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ObjectsByKind } from "#api/audit/define-audit";
import type { KubeObject } from "#api/machinery/meta";
import { checks } from "#cli/doctor/checks/index";
import { type ClusterFacts, DAY_MS, type Examined, type HostFacts } from "#cli/doctor/define-check";
import { count, examine, reportLines } from "#cli/doctor/report";
import { plain } from "#cli/paint";
import { selfSigned } from "#test/support/certificates";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const DAY_MINUTES = 24 * 60;

const healthyHost: HostFacts = {
  lack: undefined,
  hasCluster: true,
  hasServer: true,
  stopped: [],
  nginx: { runs: true, answer: 200 },
  disks: [{ path: "/lib", freeBytes: 50, totalBytes: 100, freeInodes: 50, totalInodes: 100 }],
  certificates: [{ file: "/lib/pki/ca.crt", notAfterMs: NOW + 365 * 86_400_000 }],
  store: { file: "/lib/state.db", bytes: 1e6, walBytes: 1e6 },
};

function object(
  kind: string,
  name: string,
  fields: object = {},
  metadata: object = {},
): KubeObject {
  const namespace = CLUSTER_KINDS.includes(kind) ? {} : { namespace: "shop" };
  return {
    apiVersion: "v1",
    kind,
    metadata: {
      name,
      uid: `${kind}-${name}`,
      creationTimestamp: ago(60),
      ...namespace,
      ...metadata,
    },
    ...fields,
  } as KubeObject;
}

const CLUSTER_KINDS = ["Node", "Namespace", "Tenant", "ClusterRoleBinding"];
const ready = [{ type: "Ready", status: "True" }];
const nodeInfo = { kubeletVersion: "v1.34.0" };
const node = object("Node", "n1", { spec: {}, status: { conditions: ready, nodeInfo } });
const podSpec = { nodeName: "n1", containers: [{ name: "main", image: "web" }] };

function pod(status: object, spec: object = {}, metadata: object = {}): KubeObject {
  return object("Pod", "web", { spec: { ...podSpec, ...spec }, status }, metadata);
}

const runningPod = pod({ phase: "Running", conditions: ready });

function cluster(objects: readonly KubeObject[], more: Partial<ClusterFacts> = {}): ClusterFacts {
  const all = new ObjectsByKind(objects);
  return {
    objects: all,
    unread: [],
    cut: [],
    serverVersion: "v1.34.0",
    unencryptedSecrets: 0,
    ...more,
  };
}

const refusedAt = (atMs: number) =>
  ({ runs: true, answer: 200, failure: { atMs, sentence: "unknown directive" } }) as const;
function examined(
  objects: readonly KubeObject[],
  { host = {}, facts = {} }: { host?: Partial<HostFacts>; facts?: Partial<ClusterFacts> } = {},
): Examined {
  const seen = { ...healthyHost, ...host };
  return { nowMs: NOW, host: seen, cluster: cluster(objects, facts), apiProblem: undefined };
}

/** Of each problem: which check, how bad, where and what. */
function found(given: Examined): string[] {
  return examine(given).flatMap(({ check, problems }) =>
    problems.map(
      ({ severity, subject, problem }) => `${check} | ${severity} ${subject}: ${problem}`,
    ),
  );
}

test("a healthy cluster has nothing to be said of it", () => {
  expect(found(examined([node, runningPod]))).toEqual([]);
});

test("a host that has joined is not told to start a cluster of its own", () => {
  const host = { ...healthyHost, hasServer: false };
  const away = { nowMs: NOW, host, cluster: undefined, apiProblem: "nothing answers" };
  const commands = (given: Examined): string[] =>
    examine(given).flatMap(({ problems }) => problems.flatMap(({ command }) => command ?? []));
  expect(commands(away)).toEqual(["kaji doctor --kubeconfig FILE"]);
  expect(commands({ ...away, host: healthyHost })).toEqual(["kaji up"]);
});

const system = object("Namespace", "kube-system", {}, { creationTimestamp: ago(30 * DAY_MINUTES) });
const backup = (time: string) =>
  object("ConfigMap", "kaji-last-backup", { data: { time } }, { namespace: "kube-system" });
const service = object("Service", "web", { spec: { selector: { app: "web" } } });
const tls = object(
  "Ingress",
  "web",
  {
    spec: { rules: [], tls: [{ hosts: ["shop.example"], secretName: "tls" }] },
    status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } },
  },
  {},
);

const [good, other] = await Promise.all([selfSigned("shop.example"), selfSigned("other.example")]);
const secret = (data: object) => object("Secret", "tls", { data });

describe("every check finds what it is there for", () => {
  const table: [name: string, given: Examined, expected: RegExp][] = [
    [
      "this host has what Kaji needs",
      examined([node], { host: { lack: "nft is missing: run `apt-get install nftables`" } }),
      /broken this host: nft is missing$/,
    ],
    [
      "the components run",
      examined([node], { host: { stopped: [{ component: "agent", command: "kaji up" }] } }),
      /broken agent: the agent is not kept running on this host/,
    ],
    [
      "the disks have room",
      examined([node], {
        host: { disks: healthyHost.disks.map((disk) => ({ ...disk, freeBytes: 1 })) },
      }),
      /broken \/lib: 1 B of 100 B are free/,
    ],
    [
      "the cluster's certificates on this host are good",
      examined([node], { host: { certificates: [{ file: "ca.crt", notAfterMs: NOW - 1 }] } }),
      /broken ca.crt: has expired on 2026-06-01/,
    ],
    [
      "the store has a healthy size",
      examined([node], { host: { store: { file: "s", bytes: 5e9, walBytes: 0 } } }),
      /warning s: has 5.0 GB/,
    ],
    [
      "the ingress answers",
      examined([node], { host: { nginx: { runs: true, answer: "timeout" } } }),
      /broken ingress: nginx does not answer \(timeout\)/,
    ],
    [
      "nginx takes its configuration",
      examined([node], { host: { nginx: refusedAt(NOW - 10_000) } }),
      /broken ingress: what is served is out of date: unknown directive/,
    ],
    [
      "the API answers",
      examined([node], { facts: { unread: ["secrets"] } }),
      /advice this user: may not list secrets/,
    ],
    [
      "all objects were looked at",
      examined([node], { facts: { cut: [{ plural: "tenants", read: 20_000, left: 180_000 }] } }),
      /advice tenants: only the first 20000 were looked at, and 180000 were not/,
    ],
    ["every node is ready", examined([]), /broken the cluster: the cluster has no node/],
    [
      "one version runs everywhere",
      examined([node], { facts: { serverVersion: "v1.35.0" } }),
      /warning node\/n1: its agent is of version v1.34.0, and the server of v1.35.0/,
    ],
    [
      "the clocks agree",
      examined([
        node,
        pod({
          phase: "Running",
          conditions: ready,
          containerStatuses: [
            { name: "main", state: { running: { startedAt: ago(-2) } }, ready: true },
          ],
        }),
      ]),
      /warning node\/n1: its clock is 120 s ahead of the server's/,
    ],
    [
      "the objects agree with each other",
      examined([node, runningPod, object("Pod", "twin", runningPod, { uid: "Pod-web" })]),
      /broken Pod shop\/twin|broken Pod shop\/web/,
    ],
    [
      "workloads are as they should be",
      examined([node, pod({ phase: "Failed", reason: "Evicted", message: "low on memory" })]),
      /broken pod\/shop\/web: has failed: Evicted: low on memory/,
    ],
    [
      "no container keeps restarting",
      examined([
        node,
        pod({
          phase: "Running",
          conditions: ready,
          containerStatuses: [
            {
              name: "main",
              ready: true,
              restartCount: 4,
              state: { running: {} },
              lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: ago(5) } },
            },
          ],
        }),
      ]),
      /warning pod\/shop\/web: container main was started again 4 times, .* for want of memory/,
    ],
    [
      "nothing hangs in deletion",
      examined([
        node,
        object("Secret", "held", {}, { deletionTimestamp: ago(9), finalizers: ["example.com/x"] }),
      ]),
      /warning secret\/shop\/held: is being deleted for 9 minutes: the finalizer example.com\/x holds/,
    ],
    [
      "every Ingress is served",
      examined([
        node,
        service,
        object("Ingress", "web", {
          spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
          status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } },
        }),
      ]),
      /warning ingress\/shop\/web: service web has no ready endpoint/,
    ],
    [
      "the certificates of Ingresses are good",
      examined([node, tls, secret({ "tls.crt": "bm9uZQ==" })]),
      /warning ingress\/shop\/web: its Secret tls holds no certificate/,
    ],
    [
      "tenants are served",
      examined([
        node,
        object("Tenant", "acme", {
          spec: { plan: "small" },
          status: { phase: "Failed", conditions: [{ type: "Ready", message: "no such plan" }] },
        }),
      ]),
      /broken tenant\/acme: has failed: no such plan/,
    ],
    [
      "no host is claimed twice",
      examined(
        ["a", "b"].map((name) =>
          object("Tenant", name, { spec: { plan: "small", hosts: ["shop.example"] } }),
        ),
      ),
      /broken Tenant b: its host shop.example is also that of Tenant a/,
    ],
    [
      "there is a backup of the last week",
      examined([node, system, backup(ago(9 * DAY_MINUTES))]),
      /warning the cluster: the newest backup is 9 days old/,
    ],
    [
      "Secrets are encrypted in the store",
      examined([node], { facts: { unencryptedSecrets: 3 } }),
      /advice the store: 3 Secrets stand in it in clear text/,
    ],
    [
      "nobody has all rights by chance",
      examined([
        node,
        object("ClusterRoleBinding", "open", {
          roleRef: { name: "cluster-admin" },
          subjects: [{ kind: "Group", name: "system:authenticated" }],
        }),
      ]),
      /warning clusterrolebinding\/open: gives cluster-admin to everybody in system:authenticated/,
    ],
    [
      "pods are kept from the host",
      examined([node, pod({ phase: "Running", conditions: ready }, { hostPID: true })]),
      /advice pod\/shop\/web: it sees the host's processes/,
    ],
    [
      "nothing deprecated is used",
      examined([node, object("Service", "old", { spec: { loadBalancerIP: "192.0.2.1" } })]),
      /advice service\/shop\/old: sets spec.loadBalancerIP/,
    ],
  ];

  test.each(table)("%s", (name, given, expected) => {
    const own = found(given).filter((line) => line.startsWith(`${name} | `));
    expect(own.join("\n")).toMatch(expected);
  });

  test("and none is without a case here", () => {
    expect(table.map(([name]) => name)).toEqual(checks.map(({ name }) => name));
  });
});

describe("what a check does not take for wrong", () => {
  const none = (given: Examined): void => expect(found(given)).toEqual([]);

  test("what has been under way for a short while only", () => {
    const young = { creationTimestamp: ago(2) };
    none(examined([node, pod({ phase: "Pending" }, {}, young)]));
    expect(found(examined([node, pod({ phase: "Pending" })]))[0]).toMatch(/^workloads .* warning/);
  });

  test("a young cluster without a backup, and one that was backed up this week", () => {
    none(examined([node, object("Namespace", "kube-system")]));
    none(examined([node, system, backup(ago(60))]));
    expect(found(examined([node, system]))[0]).toMatch(/no backup has been made of it/);
  });

  test("the cluster's own pods, which need the host", () => {
    const own = { namespace: "kube-system" };
    none(examined([node, pod({ phase: "Running", conditions: ready }, { hostPID: true }, own)]));
  });

  test("a host without a cluster of its own that talks to another", () => {
    const elsewhere = { hasCluster: false, nginx: { runs: false } as const };
    none(
      examined([node], {
        host: { ...elsewhere, stopped: [{ component: "server", command: "kaji up" }] },
      }),
    );
  });

  test("a cordoned node is a warning, and no more", () => {
    const cordoned = object("Node", "n1", {
      spec: { unschedulable: true },
      status: { conditions: ready, nodeInfo },
    });
    expect(found(examined([cordoned]))).toEqual([
      "every node is ready | warning node/n1: is ready and cordoned: it takes no new pods",
    ]);
  });

  test("a certificate that is good and for its host; one that ends soon or is for another host is", () => {
    const problems = ({ cert }: { readonly cert: string }, daysLeft: number): string[] => {
      const tlsSecret = secret({ "tls.crt": Buffer.from(cert).toString("base64") });
      const nowMs = Date.parse(new X509Certificate(cert).validTo) - daysLeft * DAY_MS;
      return examine({ ...examined([node, tls, tlsSecret]), nowMs })
        .filter(({ check }) => check === "the certificates of Ingresses are good")
        .flatMap((result) => result.problems.map(({ problem }) => problem));
    };
    expect(problems(good, 90)).toEqual([]);
    expect(problems(good, 5)).toEqual(["its certificate in tls expires in 5 days"]);
    expect(problems(good, -1)).toEqual(["its certificate in tls has expired"]);
    expect(problems(other, 90)).toEqual(["its certificate in tls is not for shop.example"]);
  });
});

test("what nginx has taken since is no problem any more", () => {
  expect(found(examined([node], { host: { nginx: refusedAt(NOW - 60_000) } }))).toEqual([]);
});

test("what was not read is not taken for missing", () => {
  const unread = ["services", "endpointslices", "pods", "namespaces", "secrets"];
  expect(found(examined([node, tls], { facts: { unread } }))).toEqual([
    expect.stringMatching(/^the API answers \| advice this user: may not list services, endpoint/),
  ]);
});

describe("the report", () => {
  test("without the API, what needs it is not known, and that is said once as broken", () => {
    const results = examine({
      ...{ nowMs: NOW, host: healthyHost, cluster: undefined },
      apiProblem: "the API server does not answer",
    });
    expect(count(results, "broken")).toBe(1);
    const lines = reportLines(results, plain);
    expect(lines).toContain(
      "-        every node is ready: not known while the API does not answer",
    );
    expect(lines).toContain("BROKEN   the API answers");
  });

  test("of a check with many problems it shows some, the worst first, and says how many more", () => {
    const pods = Array.from({ length: 14 }, (_, at) =>
      object("Pod", `p${at}`, {
        spec: podSpec,
        status: { phase: at === 13 ? "Failed" : "Pending" },
      }),
    );
    const lines = reportLines(examine(examined([node, ...pods])), plain);
    const start = lines.indexOf("BROKEN   workloads are as they should be");
    expect(lines[start + 1]).toBe("         pod/shop/p13: has failed");
    expect(lines[start + 2]).toBe("           ask for the reasons: kaji why pod/p13 -n shop");
    expect(lines).toContain("         and 4 more: `kaji doctor -o wide` shows all");
  });
});
