import { readFileSync } from "node:fs";
import { test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { leaseKind } from "#api/kinds/lease";
import { buildCli } from "#test/e2e/cli-fixture";
import { FLEET_IMAGE, startServers } from "#test/support/servers";
test("try", async () => {
  const cli = buildCli();
  const fleet = await startServers({ command: cli.command, flags: ["--pod-cidr", "10.231.0.0/16", "--service-cidr", "10.81.0.0/16"] });
  try {
    await fleet.startNode("node-1");
    const c = fleet.servers[0]!.client;
    await c.create(podKind, { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "default" }, spec: { containers: [{ name: "m", image: FLEET_IMAGE, imagePullPolicy: "Never" }] } });
    await new Promise((r) => setTimeout(r, 6000));
    const p = await c.get(podKind, "p", "default");
    console.log(JSON.stringify(p.spec.nodeName), JSON.stringify(p.status, null, 1));
    const leases = await c.list(leaseKind);
    for (const l of leases.items) console.log(l.metadata.namespace, l.metadata.name, JSON.stringify(l.metadata.annotations), JSON.stringify(l.spec));
    console.log(JSON.stringify((await c.raw("GET", "/api/v1/nodes") as any).items.map((n: any) => [n.metadata.name, n.spec, n.status?.conditions])));
    for (const s of fleet.servers) console.log(s.name, readFileSync(s.logFile, "utf8").slice(-3000));
  } finally { await fleet.close(); cli.remove(); }
}, 120000);
