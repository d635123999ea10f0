import { expect, test } from "vitest";
import { MAX_HOSTS, validateHosts } from "#api/tenants/host-names";

/** Of etcd as it comes: --max-txn-ops. */
const ETCD_OPERATIONS = 128;

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `h${index}.example`);

test("a tenant has so many hosts that all of them can be exchanged in one transaction", () => {
  const tenantItself = 1;
  expect(tenantItself + MAX_HOSTS + MAX_HOSTS).toBeLessThanOrEqual(ETCD_OPERATIONS);
  expect(validateHosts(names(MAX_HOSTS), "spec.hosts")).toEqual([]);
  const [problem] = validateHosts(names(MAX_HOSTS + 1), "spec.hosts");
  expect(problem?.message).toContain(`must have at most ${MAX_HOSTS} items`);
});
