import { writeSync } from "node:fs";
import { createNginxAdmin } from "#ingress/nginx/admin";
import { HostLog } from "#ingress/tenants/host-log";
import { TenantPublisher } from "#ingress/tenants/publisher";
import { TenantTable } from "#ingress/tenants/table";
import { nthTenant, RIG_PLANS } from "#test/support/rig-tenants";

/**
 * Run as a process of its own by the test that kills it: publishes tenants, removing one for every two, and tells
 * on stdout what nginx has acknowledged: "+NAME" and "-NAME".
 */
const [socket = "", file = "", first = "0"] = process.argv.slice(2);
const table = new TenantTable();
const publisher = new TenantPublisher(createNginxAdmin(socket), new HostLog(file), table);
table.setPlans(RIG_PLANS);
for (let index = 0; index < Number(first); index++) table.put(nthTenant(index));
await publisher.flush();
writeSync(1, "ready\n");
for (let index = Number(first); ; index++) {
  const { name } = nthTenant(index);
  table.put(nthTenant(index));
  await publisher.flush();
  writeSync(1, `+${name}\n`);
  if (index % 2 === 0) continue;
  const gone = nthTenant(index - Number(first)).name;
  writeSync(1, `?${gone}\n`);
  table.remove(gone);
  await publisher.flush();
  writeSync(1, `-${gone}\n`);
}
