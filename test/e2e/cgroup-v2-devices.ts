import assert from "node:assert/strict";
import { execute, withSandbox } from "#test/e2e/cgroup-v2-groups";
import { type Fixture, security } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

const REFUSED = /Operation not permitted/;
const hostDevices = {
  hostPath: "/dev",
  containerPath: "/host",
  isReadOnly: false,
  propagation: "private",
} as const;

/** What a container can reach of the host's devices. The clock is one that needs no capability. */
export const devices: readonly Check<Fixture>[] = [
  {
    name: "the usual devices work",
    run: async (fixture) => {
      const uses = ["echo x >/dev/null", "head -c 8 /dev/zero /dev/urandom /dev/random >/dev/null"];
      const made = "mknod /tmp/null c 1 3 && echo x >/tmp/null";
      const { code, text } = await fixture.output([...uses, made].join(" && "));
      assert.deepEqual({ code, text }, { code: 0, text: "" });
    },
  },
  {
    name: "a container can make a device of the host and cannot open it",
    run: async (fixture) => {
      const { code, text } = await fixture.output(
        "mknod /tmp/clock c $(tr : ' ' </sys/class/rtc/rtc0/dev) && : </tmp/clock",
      );
      assert.notEqual(code, 0);
      assert.match(text, REFUSED);
    },
  },
  {
    name: "the host's devices in a volume cannot be opened, nor by a command beside the container",
    run: (fixture) =>
      withSandbox(fixture, {}, async (sandboxId) => {
        const id = await fixture.run(sandboxId, "sleep 60", { mounts: [hostDevices] });
        const answer = await execute(fixture, id, "sh", "-c", ": </host/rtc0");
        assert.notEqual(answer.code, 0);
        assert.match(answer.text, REFUSED);
      }),
  },
  {
    name: "a device that was given can be used as it was given",
    run: async (fixture) => {
      const given = { hostPath: "/dev/rtc0", containerPath: "/dev/given", permissions: "r" };
      const overrides = { devices: [given] };
      const { text } = await fixture.output(": </dev/given && echo read; : >/dev/given", overrides);
      assert.equal(text, "read\nsh: can't create /dev/given: Operation not permitted\n");
    },
  },
  {
    name: "a privileged container uses the devices of the host",
    run: async (fixture) => {
      const overrides = { security: { ...security, isPrivileged: true } };
      const { code } = await fixture.output("test -c /dev/rtc0 && : </dev/rtc0", overrides);
      assert.equal(code, 0);
    },
  },
];
