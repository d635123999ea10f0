import { describe, expect, test } from "vitest";
import { rangeTaken } from "#cli/range-checks";

const wanted = [
  { cidr: "10.244.0.0/16", flag: "--pod-cidr" },
  { cidr: "10.96.0.0/16", flag: "--service-cidr" },
];

describe("a range of addresses for a cluster", () => {
  test("is free where the host sends nothing of it elsewhere", () => {
    const routes = [
      { dst: "default", gateway: "192.0.2.1", dev: "eth0" },
      { dst: "192.0.2.0/24", dev: "eth0" },
      { dst: "10.245.0.0/24", dev: "kj1234560" },
    ];
    expect(rangeTaken(routes, wanted)).toBeUndefined();
  });

  test("is refused where another cluster's bridge has a part of it, and the sentence says what to do", () => {
    const routes = [{ dst: "10.244.0.0/24", dev: "kj1234560" }];
    expect(rangeTaken(routes, wanted)).toBe(
      "--pod-cidr 10.244.0.0/16 overlaps 10.244.0.0/24, which this host already sends to the interface kj1234560: choose another range with --pod-cidr, or end what has it (a cluster of another root: `kaji down --root-dir ROOT`)",
    );
  });

  test("is refused where it holds a single address of the host's routes", () => {
    expect(rangeTaken([{ dst: "10.96.3.4", dev: "tun0" }], wanted)).toContain(
      "--service-cidr 10.96.0.0/16 overlaps 10.96.3.4",
    );
  });

  test("is refused inside the network that the host itself is on", () => {
    expect(rangeTaken([{ dst: "10.0.0.0/8", dev: "eth0" }], wanted)).toContain("10.0.0.0/8");
  });

  test("may be cut out of a wide route through a gateway, which gives way to it", () => {
    const routes = [{ dst: "10.0.0.0/8", gateway: "192.0.2.9", dev: "eth0" }];
    expect(rangeTaken(routes, wanted)).toBeUndefined();
  });
});
