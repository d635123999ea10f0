import { delegation, inContainer } from "#test/e2e/cgroup-v2-delegation";
import { devices } from "#test/e2e/cgroup-v2-devices";
import { life } from "#test/e2e/cgroup-v2-life";
import { limits } from "#test/e2e/cgroup-v2-limits";
import { ownUsers, ownUsersInContainer } from "#test/e2e/cgroup-v2-users";
import type { Fixture } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

/** All that is tried on a host with cgroup v2 alone, in order. */
export const onHost: readonly Check<Fixture>[] = [
  ...life,
  ...limits,
  ...devices,
  ...ownUsers,
  ...delegation,
];

/** All that is tried where a group of the host's is the top one. */
export const onContainerHost: readonly Check<Fixture>[] = [...inContainer, ownUsersInContainer];
