import { expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster } from "#test/support/parity";

/** Jobs and CronJobs as a user runs them: the real kubectl, real containers that end. */
const IMAGE = "kaji.dev/busybox:1";

const at = parityCluster({
  podCidr: "10.236.0.0/16",
  serviceCidr: "10.88.0.0/16",
  image: IMAGE,
});
const { kubectl, apply } = at;

function jobNamed(name: string, command: string, spec: object = {}, env: object[] = []) {
  const container = { name: "main", image: IMAGE, command: ["sh", "-c", command], env };
  const template = { spec: { restartPolicy: "Never", containers: [container] } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { ...spec, template } };
}

test("kubectl create job runs to completion, and get, describe, wait and logs tell of it", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await kubectl("create", "job", "hello", `--image=${IMAGE}`, "--", "echo", "hello from a job");
  await kubectl("wait", "--for=condition=complete", "job/hello", "--timeout=60s");
  expect(await kubectl("logs", "job/hello")).toBe("hello from a job\n");
  expect(await kubectl("get", "job", "hello")).toMatch(/^hello\s+Complete\s+1\/1\s+\d+s\s+\d+s$/m);
  const described = await kubectl("describe", "job", "hello");
  expect(described).toMatch(/Pods Statuses:\s+0 Active \(0 Ready\) \/ 1 Succeeded \/ 0 Failed/);
  expect(described).toMatch(/Normal\s+SuccessfulCreate\s+.*Created pod: hello-/);
  expect(described).toMatch(/Normal\s+Completed\s+.*Job completed/);
  await kubectl("delete", "job", "hello");
  await eventually("its pods are gone", async () => {
    return (await kubectl("get", "pods", "-l", "job-name=hello", "-o", "name")) === "";
  });
});

test("an Indexed Job gives each pod its index, and a failing Job says why it failed", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const spec = { completionMode: "Indexed", completions: 3, parallelism: 3 };
  await apply(jobNamed("indexed", "echo index $JOB_COMPLETION_INDEX on $(hostname)", spec));
  await apply(jobNamed("failing", "exit 3", { backoffLimit: 0 }));
  await kubectl("wait", "--for=condition=complete", "job/indexed", "--timeout=60s");
  const status = JSON.parse(await kubectl("get", "job", "indexed", "-o", "jsonpath={.status}"));
  expect(status).toMatchObject({ succeeded: 3, completedIndexes: "0-2" });
  const key = "batch.kubernetes.io/job-completion-index";
  expect(await kubectl("logs", "-l", `${key}=2`)).toBe("index 2 on indexed-2\n");
  await kubectl("wait", "--for=condition=failed", "job/failing", "--timeout=60s");
  expect(await kubectl("describe", "job", "failing")).toMatch(
    /Warning\s+BackoffLimitExceeded\s+.*Job has reached the specified backoff limit/,
  );
});

test("a Job that is stopped by its deadline or deleted at work leaves no pod running", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const endless = "trap 'exit 1' TERM; while :; do sleep 0.1; done";
  await apply(jobNamed("late", endless, { activeDeadlineSeconds: 1 }));
  await apply(jobNamed("endless", endless));
  await kubectl("wait", "--for=condition=failed", "job/late", "--timeout=60s");
  expect(await kubectl("describe", "job", "late")).toMatch(
    /Warning\s+DeadlineExceeded\s+.*Job was active longer than specified deadline/,
  );
  await kubectl("wait", "--for=jsonpath={.status.ready}=1", "job/endless", "--timeout=60s");
  await kubectl("delete", "job", "endless");
  await eventually("the pods of both are gone", async () => {
    const names = ["-l", "job-name in (late,endless)", "-o", "name"];
    return (await kubectl("get", "pods", ...names)) === "";
  });
});

test("a CronJob runs by its schedule and by hand, and keeps as much history as asked for", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const { spec } = jobNamed("", "date");
  await apply({
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "often" },
    spec: { schedule: "@every 2s", jobTemplate: { spec }, successfulJobsHistoryLimit: 1 },
  });
  await kubectl("create", "job", "by-hand", "--from=cronjob/often");
  await kubectl("wait", "--for=condition=complete", "job/by-hand", "--timeout=60s");
  const name = await eventually("a job of the schedule", async () => {
    const names = (await kubectl("get", "jobs", "-o", "name")).split("\n");
    return names.find((one) => /^job\.batch\/often-\d{8}$/.test(one));
  });
  await kubectl("wait", "--for=condition=complete", name, "--timeout=60s");
  expect(await kubectl("get", "cronjob", "often")).toMatch(
    /^often\s+@every 2s\s+<none>\s+False\s+\d\s+\d+s\s+\d+s$/m,
  );
  expect(await kubectl("describe", "cronjob", "often")).toMatch(
    /Normal\s+SuccessfulCreate\s+.*Created job often-\d+/,
  );
  await kubectl("patch", "cronjob", "often", "-p", '{"spec":{"suspend":true}}');
  const refused = await at.cluster.kubectl(
    ...["create", "cronjob", "wrong", `--image=${IMAGE}`, "--schedule=* * *"],
  );
  expect(refused.stderr).toContain("expected exactly 5 fields, found 3: [* * *]");
  await kubectl("delete", "cronjob", "often");
});
