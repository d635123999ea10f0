import { describe, expect, test, type TestContext } from "vitest";
import { requireHost } from "#test/support/host";
import { PARITY_NEEDS, shellPod } from "#test/support/parity";
import { MALLORY, tenantsLab, VICTIM } from "#test/e2e/isolation-tenants";

/**
 * What a tenant tries against another through the API, in the manner of the multi-tenancy benchmarks: mallory has the
 * kubeconfig of an ordinary tenant and knows every name of the victim.
 */
const lab = tenantsLab("10.242.0.0/16", "10.92.0.0/16");
const { refused, refusedObject } = lab;
const THEIRS = ["-n", "tenant-victim"];

/** Every call is refused by the rights of whoever calls, and says so. */
async function expectForbidden(...calls: string[][]): Promise<void> {
  for (const call of calls) {
    expect(await refused(MALLORY, ...call), call.join(" ")).toMatch(/[Ff]orbidden/);
  }
}

const attack =
  (run: () => Promise<void>) =>
  async (context: TestContext): Promise<void> => {
    requireHost(context, PARITY_NEEDS);
    await run();
  };

describe("a tenant cannot look at what is another's", () => {
  test(
    "by name, by list, by watch or over all namespaces",
    attack(() =>
      expectForbidden(
        ["get", "pod", "web", ...THEIRS],
        ["get", "pods,services,configmaps", ...THEIRS],
        ["get", "secrets", ...THEIRS],
        ["get", "pods", "-A"],
        ["get", "pods", "--watch", ...THEIRS],
        ["get", "--raw", "/api/v1/pods?watch=true"],
        ["get", "--raw", "/api/v1/namespaces/tenant-victim/pods?watch=true"],
      ),
    ),
  );

  test(
    "by its events, its leases and its numbers",
    attack(() =>
      expectForbidden(
        ["get", "events", ...THEIRS],
        ["get", "events", "-A"],
        ["get", "leases", "-n", "kube-system"],
        ["get", "leases", "-n", "kube-node-lease"],
        ["top", "pods", ...THEIRS],
        ["top", "nodes"],
        ["get", "--raw", "/metrics"],
      ),
    ),
  );

  test(
    "by what belongs to everybody: nodes, namespaces, volumes, other tenants",
    attack(() =>
      expectForbidden(
        ["get", "nodes"],
        ["get", "namespaces"],
        ["get", "namespace", "tenant-victim"],
        ["get", "persistentvolumes"],
        ["get", "clusterroles"],
        ["get", "clusterrolebindings"],
        ["get", "tenants"],
        ["get", "tenant", VICTIM],
        ["get", "tenantplans"],
      ),
    ),
  );

  test(
    "by exec, attach, logs, port-forward, copying, debugging or a proxy",
    attack(() =>
      expectForbidden(
        ["exec", "web", ...THEIRS, "--", "true"],
        ["attach", "web", ...THEIRS],
        ["logs", "web", ...THEIRS],
        ["port-forward", "pod/web", ":8080", ...THEIRS],
        ["debug", "web", "--image=kaji.dev/busybox:latest", ...THEIRS],
        ["get", "--raw", "/api/v1/namespaces/tenant-victim/pods/web/proxy/"],
        ["get", "--raw", "/api/v1/namespaces/tenant-victim/services/web/proxy/"],
      ),
    ),
  );
});

describe("a tenant cannot become somebody else", () => {
  test(
    "by impersonation",
    attack(() =>
      expectForbidden(
        ["get", "pods", ...THEIRS, "--as", "system:admin"],
        ["get", "pods", ...THEIRS, "--as", "system:serviceaccount:tenant-victim:default"],
        ["get", "pods", ...THEIRS, "--as", "anybody", "--as-group", "system:masters"],
      ),
    ),
  );

  test(
    "by a token of another's account, or of the system's",
    attack(() =>
      expectForbidden(
        ["create", "token", "default", ...THEIRS],
        ["create", "token", "default", "-n", "kube-system"],
        ["create", "secret", "generic", "bootstrap-token-abcdef", "-n", "kube-system"],
      ),
    ),
  );

  test(
    "by a role with more than it has, or a binding to one",
    attack(async () => {
      await expectForbidden(
        ["create", "role", "all", "--verb=*", "--resource=*"],
        ["create", "role", "net", "--verb=delete", "--resource=networkpolicies"],
        ["create", "role", "bounds", "--verb=update", "--resource=resourcequotas"],
        ["create", "rolebinding", "up", "--clusterrole=cluster-admin", "--user=mallory"],
        ["create", "clusterrole", "all", "--verb=*", "--resource=*"],
        ["create", "clusterrolebinding", "up", "--clusterrole=view", "--user=mallory"],
        ["create", "rolebinding", "in", "--clusterrole=view", "--user=mallory", ...THEIRS],
      );
      expect((await lab.as(MALLORY, "get", "roles")).stdout).toBe("");
    }),
  );

  test(
    "by the account of a pod, which has no rights at all",
    attack(async () => {
      const token = (await lab.as(MALLORY, "create", "token", "default")).stdout.trim();
      expect(token).toMatch(/^ey/);
      const asPod = ["--token", token];
      for (const call of [
        ["get", "pods"],
        ["get", "secrets"],
        ["get", "pods", ...THEIRS],
      ]) {
        // The kubeconfig's own token gives way to the one that is given.
        expect(await refused(MALLORY, ...call, ...asPod)).toMatch(/[Ff]orbidden/);
      }
    }),
  );
});

describe("a tenant cannot change what bounds it", () => {
  test(
    "neither quota, nor limits, nor its network policy",
    attack(async () => {
      await expectForbidden(
        ["delete", "resourcequota", "kaji-tenant"],
        ["patch", "resourcequota", "kaji-tenant", "-p", '{"spec":{"hard":{"pods":"100"}}}'],
        ["create", "quota", "more", "--hard=pods=100"],
        ["delete", "limitrange", "kaji-tenant"],
        ["delete", "networkpolicy", "kaji-tenant"],
        [
          "patch",
          "networkpolicy",
          "kaji-tenant",
          "-p",
          '{"spec":{"podSelector":{"matchLabels":{"x":"y"}}}}',
        ],
      );
      const open = {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "open" },
        spec: { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ["Ingress", "Egress"] },
      };
      expect(await refusedObject(MALLORY, open)).toContain("forbidden");
    }),
  );

  test(
    "neither its namespace's labels, nor its plan, nor by more namespaces",
    attack(async () => {
      await expectForbidden(
        [
          "label",
          "namespace",
          "tenant-mallory",
          "pod-security.kubernetes.io/enforce=privileged",
          "--overwrite",
        ],
        ["label", "namespace", "tenant-mallory", "kaji.dev/tenant=victim", "--overwrite"],
        ["delete", "namespace", "tenant-mallory"],
        ["create", "namespace", "mine"],
        ["patch", "tenant", MALLORY, "--type=merge", "-p", '{"spec":{"plan":"huge"}}'],
        ["patch", "tenantplan", "small", "--type=merge", "-p", '{"spec":{"maxNamespaces":100}}'],
      );
    }),
  );

  test(
    "nor have more pods or bigger ones than its plan says",
    attack(async () => {
      const big = shellPod("big", "sleep 60", { resources: { limits: { memory: "1Gi" } } });
      expect(await refusedObject(MALLORY, big)).toContain(
        "maximum memory usage per Container is 256Mi",
      );
      const many = Array.from({ length: 6 }, (_, index) =>
        shellPod(`many-${index}`, "sleep 60", {}, { nodeSelector: { nowhere: "yes" } }),
      );
      const list = { apiVersion: "v1", kind: "List", items: many };
      expect(await refusedObject(MALLORY, list)).toContain("exceeded quota: kaji-tenant");
      await lab.as(
        MALLORY,
        "delete",
        "pods",
        "--field-selector=metadata.name!=web",
        "--wait=false",
      );
    }),
  );
});

describe("a tenant's pods cannot leave their box", () => {
  const container = (securityContext: object) => ({ securityContext });
  const hostPath = { volumes: [{ name: "root", hostPath: { path: "/" } }] };

  test(
    "by what a pod may ask of the host",
    attack(async () => {
      const pods: [object, object][] = [
        [{}, { hostNetwork: true }],
        [{}, { hostPID: true }],
        [{}, { hostIPC: true }],
        [{}, hostPath],
        [{ ports: [{ containerPort: 80, hostPort: 80 }] }, {}],
        [container({ privileged: true }), {}],
        [container({ capabilities: { add: ["SYS_ADMIN"] } }), {}],
        [container({ procMount: "Unmasked" }), { hostUsers: false }],
        [container({ seccompProfile: { type: "Unconfined" } }), {}],
        [{}, { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }],
      ];
      for (const [one, spec] of pods) {
        const said = await refusedObject(MALLORY, shellPod("escape", "sleep 60", one, spec));
        expect(said, JSON.stringify([one, spec])).toContain(
          'violates PodSecurity "baseline:latest"',
        );
      }
    }),
  );

  test(
    "by a workload that makes such pods, or by a debugger",
    attack(async () => {
      const template = {
        metadata: { labels: { app: "x" } },
        spec: shellPod("x", "sleep 60", {}, { hostPID: true }).spec,
      };
      await lab.applyAs(MALLORY, {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: "sneaky" },
        spec: { replicas: 1, selector: { matchLabels: { app: "x" } }, template },
      });
      const said = await lab.as(
        MALLORY,
        "wait",
        "rs/sneaky",
        "--for=jsonpath={.status.conditions[0].reason}=FailedCreate",
        "--timeout=60s",
      );
      expect(said.stdout + said.stderr).toContain("condition met");
      expect((await lab.as(MALLORY, "get", "pods", "-l", "app=x", "-o", "name")).stdout).toBe("");
      await lab.as(MALLORY, "delete", "rs", "sneaky");
      const debug = [
        "debug",
        "web",
        "--image=kaji.dev/busybox:latest",
        "--profile=sysadmin",
        "--",
        "true",
      ];
      expect(await refused(MALLORY, ...debug)).toContain("violates PodSecurity");
    }),
  );

  test(
    "by being as important as the cluster itself",
    attack(async () => {
      const priorityClassName = "system-node-critical";
      expect(
        await refusedObject(MALLORY, shellPod("vip", "true", {}, { priorityClassName })),
      ).toMatch(/forbidden/);
      await expectForbidden(["create", "priorityclass", "top", "--value=999999"]);
    }),
  );
});

describe("a tenant cannot take what is another's", () => {
  test(
    "by a Service that reaches past its namespace",
    attack(async () => {
      const service = (spec: object) => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "reach" },
        spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec },
      });
      for (const spec of [
        { type: "NodePort" },
        { type: "LoadBalancer" },
        { externalIPs: ["192.0.2.1"] },
        { type: "ExternalName", externalName: "web.tenant-victim.svc.cluster.local" },
      ]) {
        expect(await refusedObject(MALLORY, service(spec)), JSON.stringify(spec)).toContain(
          "which a tenant's Service may not",
        );
      }
    }),
  );

  test(
    "by an Ingress with the other's host",
    attack(async () => {
      const rule = ["create", "ingress", "theft", "--rule"];
      expect(await refused(MALLORY, ...rule, "victim.example/*=web:80")).toContain(
        'host "victim.example" does not belong to tenant "mallory"',
      );
      expect(await refused(MALLORY, ...rule, "*.example/*=web:80")).toContain("does not belong to");
      expect(await refused(MALLORY, ...rule, "/*=web:80")).toMatch(/host/);
    }),
  );

  test(
    "by writing into its namespace, or about it",
    attack(async () => {
      const metadata = { name: "planted" };
      const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata };
      expect(await refusedObject(MALLORY, configMap, "tenant-victim")).toMatch(/[Ff]orbidden/);
      const lie = {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: "lie" },
        involvedObject: { kind: "Pod", namespace: "tenant-victim", name: "web" },
        reason: "Evil",
        message: "the victim did it",
      };
      expect(await refusedObject(MALLORY, lie)).toMatch(/forbidden|does not match/i);
    }),
  );

  test(
    "by naming the other's objects as owners, or holding them with a finalizer",
    attack(async () => {
      await lab.as(VICTIM, "create", "configmap", "precious");
      const uid = (await lab.as(VICTIM, "get", "cm", "precious", "-o", "jsonpath={.metadata.uid}"))
        .stdout;
      const owner = { apiVersion: "v1", kind: "ConfigMap", name: "precious", uid };
      await lab.applyAs(MALLORY, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "leech", ownerReferences: [{ ...owner, blockOwnerDeletion: true }] },
      });
      const foreground = ["delete", "cm", "precious", "--cascade=foreground", "--timeout=60s"];
      expect(await lab.as(VICTIM, ...foreground)).toMatchObject({ code: 0 });
      const pin = '{"metadata":{"finalizers":["evil.example/hold"]}}';
      await expectForbidden(["patch", "pod", "web", ...THEIRS, "-p", pin]);
      await expectForbidden(["patch", "namespace", "tenant-mallory", "-p", pin]);
    }),
  );

  test(
    "by claiming a volume that is the other's",
    attack(async () => {
      const volume = {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "host-root" },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce"],
          hostPath: { path: "/" },
        },
      };
      expect(await refusedObject(MALLORY, volume)).toMatch(/[Ff]orbidden/);
    }),
  );
});
