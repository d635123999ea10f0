import { describe, expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster } from "#test/support/parity";

/** Quotas, limit ranges and runtime classes as a user meets them, through the real kubectl on a real cluster. */
const TIMEOUT_MS = 120_000;

const at = parityCluster({ podCidr: "10.233.0.0/16", serviceCidr: "10.234.0.0/16" });
const { kubectl, apply } = at;

const container = {
  name: "web",
  image: "kaji.dev/busybox:latest",
  command: ["sleep", "3600"],
  imagePullPolicy: "IfNotPresent",
};

function deployment(name: string, replicas: number): object {
  const labels = { app: name };
  const spec = { containers: [container], terminationGracePeriodSeconds: 0 };
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template },
  };
}

describe("in a namespace with a quota", () => {
  test(
    "limits are filled in, and a deployment gets as many pods as fit",
    async (context) => {
      requireHost(context, PARITY_NEEDS);
      await apply(
        {
          apiVersion: "v1",
          kind: "LimitRange",
          metadata: { name: "defaults" },
          spec: {
            limits: [
              { type: "Container", default: { cpu: "100m" }, defaultRequest: { cpu: "10m" } },
            ],
          },
        },
        {
          apiVersion: "v1",
          kind: "ResourceQuota",
          metadata: { name: "small" },
          spec: { hard: { pods: "2", "requests.cpu": "1", "limits.cpu": "1" } },
        },
        deployment("web", 4),
      );
      const refusal =
        "is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2";
      await eventually("an event says why there are no more", async () =>
        (await kubectl("get", "events")).includes(refusal),
      );
      await eventually("two of four pods are ready", async () =>
        /^web\s+2\/4\s/m.test(await kubectl("get", "deployment", "web")),
      );
      expect(await kubectl("get", "quota")).toMatch(
        /^NAME\s+REQUEST\s+LIMIT\s+AGE\nsmall\s+pods: 2\/2, requests.cpu: 20m\/1\s+limits.cpu: 200m\/1\s/,
      );
      const quota = await kubectl("describe", "quota", "small");
      expect(quota).toMatch(/pods\s+2\s+2/);
      expect(quota).toMatch(/requests.cpu\s+20m\s+1/);
      expect(await kubectl("get", "limits")).toMatch(/^NAME\s+CREATED AT\ndefaults\s+\d{4}-/);
      expect(await kubectl("describe", "limits", "defaults")).toMatch(
        /Container\s+cpu\s+-\s+-\s+10m\s+100m\s+-/,
      );
      expect(await kubectl("describe", "namespace", "default")).toMatch(
        /Resource Quotas[\s\S]*pods\s+2\s+2[\s\S]*Resource Limits/,
      );
      expect(await kubectl("describe", "deployment", "web")).toMatch(/ReplicaFailure\s+True/);
    },
    TIMEOUT_MS,
  );

  test(
    "what a deployment frees another may use",
    async (context) => {
      requireHost(context, PARITY_NEEDS);
      await kubectl("scale", "deployment", "web", "--replicas=1");
      await eventually("the freed place is counted", async () =>
        (await kubectl("get", "quota", "small")).includes("pods: 1/2"),
      );
      await apply(deployment("other", 1));
      await kubectl("wait", "deployment/other", "--for=condition=Available", "--timeout=60s");
      const refused = await at.cluster.kubectl("run", "more", "--image=kaji.dev/busybox:latest");
      expect(refused.stderr).toContain('pods "more" is forbidden: exceeded quota: small');
      await kubectl("delete", "deployment", "web", "other");
      await kubectl("delete", "quota", "small");
    },
    TIMEOUT_MS,
  );
});

test(
  "a pod of a runtime class that the node does not have says so, and one that it has runs",
  async (context) => {
    requireHost(context, PARITY_NEEDS);
    const node = { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass" };
    const pod = (name: string): object => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { runtimeClassName: name, containers: [container], terminationGracePeriodSeconds: 0 },
    });
    await apply(
      { ...node, metadata: { name: "own" }, handler: "kaji" },
      { ...node, metadata: { name: "gvisor" }, handler: "runsc" },
      pod("own"),
      pod("gvisor"),
    );
    expect(await kubectl("get", "runtimeclass")).toMatch(
      /^NAME\s+HANDLER\s+AGE\ngvisor\s+runsc\s+\S+\nown\s+kaji\s/,
    );
    await kubectl("wait", "pod/own", "--for=condition=Ready", "--timeout=60s");
    await eventually("the refusal is an event", async () =>
      (await kubectl("describe", "pod", "gvisor")).includes('no runtime for "runsc" is configured'),
    );
  },
  TIMEOUT_MS,
);
