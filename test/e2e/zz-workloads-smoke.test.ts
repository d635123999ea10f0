import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { busyboxTar, createCluster } from "#test/support/cluster";

test("smoke", async () => {
  const cluster = await createCluster({ podCidr: "10.231.0.0/16", serviceCidr: "10.98.0.0/16" });
  const scratch = mkdtempSync(join(tmpdir(), "kaji-workloads-"));
  const show = async (...args: string[]) => {
    const { code, stdout, stderr } = await cluster.kubectl(...args);
    console.log(`$ ${args.join(" ")} -> ${code}\n${stdout}${stderr}`);
  };
  try {
    console.log(await cluster.up());
    console.log(await cluster.kaji("import", await busyboxTar(scratch), "kaji.dev/busybox:latest"));
    const tmpl = (app: string) => `template: {metadata: {labels: {app: ${app}}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: main, image: kaji.dev/busybox, command: [sleep, "1000000"]}]}}`;
    const yaml = `
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec: {serviceName: db, replicas: 2, selector: {matchLabels: {app: db}}, ${tmpl("db")}}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: logs}
spec: {selector: {matchLabels: {app: logs}}, ${tmpl("logs")}}
---
apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec: {replicas: 1, ${tmpl("old")}}
`;
    await cluster.kubectlInput(yaml, "apply", "-f", "-");
    await show("rollout", "status", "sts/db", "--timeout=60s");
    await show("rollout", "status", "ds/logs", "--timeout=60s");
    await show("get", "all,controllerrevisions", "-o", "wide");
    await show("exec", "db-0", "--", "sh", "-c", "hostname; cat /etc/resolv.conf; nslookup db-1.db.default.svc.cluster.local");
    await show("set", "env", "sts/db", "A=b");
    await show("rollout", "status", "sts/db", "--timeout=60s");
    await show("rollout", "undo", "sts/db");
    await show("rollout", "status", "sts/db", "--timeout=60s");
    await show("drain", "node-1", "--ignore-daemonsets", "--force", "--timeout=40s");
    await show("get", "pods", "-o", "wide");
    await show("describe", "rc", "old");
  } finally {
    await cluster.dispose();
    rmSync(scratch, { recursive: true, force: true });
  }
}, 200_000);
