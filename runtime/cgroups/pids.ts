import type { Controller } from "#runtime/cgroups/controller";

export const pids: Controller = {
  name: "pids",
  v1Names: ["pids"],
  v1: (resources) => limit(resources.pidsLimit),
  v2: (resources) => limit(resources.pidsLimit),
};

function limit(count: number | undefined): readonly { file: string; value: string }[] {
  return count === undefined || count <= 0 ? [] : [{ file: "pids.max", value: String(count) }];
}
