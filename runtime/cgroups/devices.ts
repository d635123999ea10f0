import type { Controller, DeviceRule } from "#runtime/cgroups/controller";

/** Devices of every container: making nodes, and using null, zero, full, random, urandom, tty, console and ptys. */
export const defaultDevices: readonly DeviceRule[] = [
  { device: "c *:*", access: "m" },
  { device: "b *:*", access: "m" },
  ...["1:3", "1:5", "1:7", "1:8", "1:9", "5:0", "5:1", "5:2", "136:*"].map((numbers) => ({
    device: `c ${numbers}`,
    access: "rwm",
  })),
];

/** On v1 files of a controller; on v2 a program (device-program.ts), which is no setting. */
export const devices: Controller = {
  name: "devices",
  v1Names: ["devices"],
  v1: (_resources, rules) =>
    rules === undefined
      ? []
      : [
          { file: "devices.deny", value: "a" },
          ...rules.map(({ device, access }) => ({
            file: "devices.allow",
            value: `${device} ${access}`,
          })),
        ],
  v2: () => [],
};
