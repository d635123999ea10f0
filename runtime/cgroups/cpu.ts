import type { Controller } from "#runtime/cgroups/controller";
import type { Resources } from "#runtime/runtime";

const PERIOD_MICROS = 100_000;
const MIN_SHARES = 2;
const MAX_SHARES = 262_144;
const MIN_QUOTA_MICROS = 1_000;

export const cpu: Controller = {
  name: "cpu",
  v1Names: ["cpu", "cpuacct"],
  v1: (resources) => [
    ...(resources.cpuRequestMillis === undefined
      ? []
      : [{ file: "cpu.shares", value: String(shares(resources)) }]),
    ...(resources.cpuLimitMillis === undefined
      ? []
      : [
          { file: "cpu.cfs_period_us", value: String(PERIOD_MICROS) },
          { file: "cpu.cfs_quota_us", value: String(quota(resources.cpuLimitMillis)) },
        ]),
  ],
  v2: (resources) => [
    ...(resources.cpuRequestMillis === undefined
      ? []
      : [{ file: "cpu.weight", value: String(weight(shares(resources))) }]),
    ...(resources.cpuLimitMillis === undefined
      ? []
      : [{ file: "cpu.max", value: `${quotaOrMax(resources.cpuLimitMillis)} ${PERIOD_MICROS}` }]),
  ],
};

function shares(resources: Resources): number {
  const wanted = Math.floor(((resources.cpuRequestMillis ?? 0) * 1024) / 1000);
  return Math.min(MAX_SHARES, Math.max(MIN_SHARES, wanted));
}

/** The kernel's range of shares (2 to 262144) onto its range of weights (1 to 10000), as Kubernetes maps it. */
function weight(value: number): number {
  return Math.floor(1 + ((value - MIN_SHARES) * 9999) / (MAX_SHARES - MIN_SHARES));
}

/** 0 millis means no limit. */
function quota(millis: number): number {
  if (millis <= 0) return -1;
  return Math.max(MIN_QUOTA_MICROS, Math.floor((millis * PERIOD_MICROS) / 1000));
}

function quotaOrMax(millis: number): string {
  return millis <= 0 ? "max" : String(quota(millis));
}
