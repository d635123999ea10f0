import assert from "node:assert/strict";
import type { Check } from "#test/microvm/check";
import { type Fixture, security } from "#test/e2e/runtime-fixture";

/** What a container can reach of the host's devices. 4:64 is the guest's serial port. */
export const devices: readonly Check<Fixture>[] = [
  {
    name: "a container cannot open a device of the host by its number",
    run: async (fixture) => {
      const { code } = await fixture.output("mknod /tmp/port c 4 64 && cat </dev/null >/tmp/port");
      assert.notEqual(code, 0);
    },
  },
  {
    name: "a privileged container sees the devices of the host",
    run: async (fixture) => {
      const overrides = { security: { ...security, isPrivileged: true } };
      const { code } = await fixture.output("test -c /dev/kmsg && : >/dev/kmsg", overrides);
      assert.equal(code, 0);
    },
  },
];
