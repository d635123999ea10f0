import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "#test/support/host";
import { readHostState } from "#test/support/host-state";
import { type HostsLab, type LabHost, openHosts, whyNoHosts } from "#test/support/hosts";

const reason = whyNoHosts() ?? (findProgram("busybox") ? undefined : "needs busybox");
if (reason) console.warn(`hosts-lab: skipped: ${reason}`);

/** The lab that tests with several hosts stand on. */
describe.skipIf(reason)("hosts of a lab", () => {
  let lab: HostsLab;
  let one: LabHost;
  let two: LabHost;
  let far: LabHost;

  beforeAll(async () => {
    lab = await openHosts();
    one = await lab.startHost("one");
    two = await lab.startHost("two");
    far = await lab.startHost("far", { subnet: 1 });
  });
  afterAll(() => lab?.close());

  /** By one ICMP echo; the deadline is ping's own. */
  const reaches = async (from: LabHost, to: LabHost): Promise<boolean> =>
    (await from.run(["busybox", "ping", "-c", "1", "-W", "5", to.ip])).code === 0;

  test("reach each other, also through the router, and have names of their own", async () => {
    expect(await reaches(one, two)).toBe(true);
    expect(await reaches(one, far)).toBe(true);
    expect(await two.must(["hostname"])).toBe("two\n");
    expect((await one.must(["ls", "/sys/class/net"])).split("\n").filter(Boolean)).toEqual([
      "eth0",
      "lo",
    ]);
  });

  test("are cut off from all, or from one, and come back", async () => {
    await two.cutOff();
    expect(await reaches(one, two)).toBe(false);
    expect(await reaches(two, far)).toBe(false);
    await two.reconnect();
    await one.cutOff(two);
    expect(await reaches(one, two)).toBe(false);
    expect(await reaches(one, far)).toBe(true);
    expect(await reaches(two, far)).toBe(true);
    await one.reconnect(two);
    expect(await reaches(one, two)).toBe(true);
  });

  test("lose their power with all that runs there, and boot as the same machine", async () => {
    const machineId = ["cat", "/etc/machine-id"];
    const bootId = ["cat", "/proc/sys/kernel/random/boot_id"];
    const before = { machine: await two.must(machineId), boot: await two.must(bootId) };
    expect(await one.must(machineId)).not.toBe(before.machine);
    const running = two.spawn(["sleep", "1000"]);
    await two.must(["touch", "/run/mark"]);
    await two.kill9();
    await running.ended;
    expect(two.isOn()).toBe(false);
    await expect(async () => two.run(["true"])).rejects.toThrow("host two is switched off");
    await two.boot();
    expect(await two.must(machineId)).toBe(before.machine);
    expect(await two.must(bootId)).not.toBe(before.boot);
    expect((await two.run(["test", "-e", "/run/mark"])).code).toBe(1);
    expect(await reaches(one, two)).toBe(true);
  });

  test("leave nothing behind", async () => {
    const { root } = lab;
    await lab.close();
    expect(existsSync(root)).toBe(false);
    expect(JSON.stringify(readHostState())).not.toContain(root);
  });
});
