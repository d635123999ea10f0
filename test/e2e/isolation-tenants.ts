import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect } from "vitest";
import type { Finished } from "#test/support/cluster";
import { runProgram } from "#test/support/cluster";
import { eventually, findProgram } from "#test/support/host";
import { BUSYBOX, type ParityCluster, parityCluster, succeeded } from "#test/support/parity";

/** Two tenants of one cluster who know all about each other, each with the kubeconfig that a tenant gets. */
export interface TenantsLab {
  readonly at: ParityCluster;
  /** kubectl as the owner of a tenant; its own namespace unless the arguments say another. */
  as(tenant: string, ...args: string[]): Promise<Finished>;
  /** What a refusal says; the call must fail. */
  refused(tenant: string, ...args: string[]): Promise<string>;
  /** The same for an object that is applied. */
  refusedObject(tenant: string, object: object, namespace?: string): Promise<string>;
  applyAs(tenant: string, object: object): Promise<void>;
  /** A shell line in a pod of the tenant. */
  inPod(tenant: string, pod: string, line: string): Promise<Finished>;
}

export const MALLORY = "mallory";
export const VICTIM = "victim";

const plan = {
  apiVersion: "kaji.dev/v1alpha1",
  kind: "TenantPlan",
  metadata: { name: "small" },
  spec: {
    mode: "dedicated",
    maxNamespaces: 2,
    service: { name: "web", port: 8080 },
    quota: { pods: "6", "requests.cpu": "1", "requests.memory": "512Mi" },
    limits: [
      {
        type: "Container",
        default: { cpu: "200m", memory: "64Mi", "ephemeral-storage": "64Mi" },
        defaultRequest: { cpu: "10m", memory: "16Mi" },
        max: { cpu: "1", memory: "256Mi" },
      },
    ],
  },
};

function tenantOf(name: string): object {
  return {
    apiVersion: "kaji.dev/v1alpha1",
    kind: "Tenant",
    metadata: { name },
    spec: { plan: "small", hosts: [`${name}.example`] },
  };
}

/** Serves its tenant's name on port 8080. */
function webPod(tenant: string): object {
  const command = ["sh", "-c", `echo ${tenant} >/tmp/index.html; exec httpd -f -p 8080 -h /tmp`];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", labels: { app: "web" } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: "c",
          image: BUSYBOX,
          imagePullPolicy: "IfNotPresent",
          command,
          readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
        },
      ],
    },
  };
}

/** Both tenants' pod `web` and Service `web` are there before the first test. */
export function tenantsLab(podCidr: string, serviceCidr: string): TenantsLab {
  const at = parityCluster({ podCidr, serviceCidr });
  const fileOf = (tenant: string): string => join(at.scratch, tenant, "kubeconfig");
  const kubectl = findProgram("kubectl") ?? "kubectl";
  const run = (tenant: string, args: readonly string[], input?: string): Promise<Finished> => {
    const env = { ...process.env, HOME: at.scratch, KUBECONFIG: fileOf(tenant) };
    return runProgram(kubectl, args, { env, ...(input === undefined ? {} : { input }) });
  };
  const lab: TenantsLab = {
    at,
    as: (tenant, ...args) => run(tenant, args),
    async refused(tenant, ...args) {
      const { code, stdout, stderr } = await run(tenant, args);
      expect(code, `${tenant}: kubectl ${args.join(" ")}\n${stdout}`).not.toBe(0);
      return stdout + stderr;
    },
    async refusedObject(tenant, object, namespace = `tenant-${tenant}`) {
      const args = ["create", "-n", namespace, "-f", "-"];
      const { code, stdout, stderr } = await run(tenant, args, JSON.stringify(object));
      expect(code, JSON.stringify(object)).not.toBe(0);
      return stdout + stderr;
    },
    async applyAs(tenant, object) {
      succeeded(await run(tenant, ["apply", "-f", "-"], JSON.stringify(object)));
    },
    inPod: (tenant, pod, line) => run(tenant, ["exec", pod, "--", "sh", "-c", line]),
  };
  beforeAll(async () => {
    if (!at.isPossible) return;
    await at.apply(plan, tenantOf(MALLORY), tenantOf(VICTIM));
    for (const tenant of [MALLORY, VICTIM]) {
      succeeded(await at.cluster.kaji("tenant", "wake", tenant));
      mkdirSync(join(at.scratch, tenant));
      const kubeconfig = succeeded(await at.cluster.kaji("tenant", "kubeconfig", tenant));
      writeFileSync(fileOf(tenant), kubeconfig);
      await lab.applyAs(tenant, webPod(tenant));
      const ports = [{ port: 80, targetPort: 8080 }];
      await lab.applyAs(tenant, {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "web" },
        spec: { selector: { app: "web" }, ports },
      });
    }
    for (const tenant of [MALLORY, VICTIM]) {
      await eventually(
        `the pod of ${tenant} is ready`,
        async () => {
          const wait = ["wait", "pod/web", "--for=condition=Ready", "--timeout=5s"];
          return (await lab.as(tenant, ...wait)).code === 0;
        },
        60_000,
      );
    }
  }, 180_000);
  return lab;
}
