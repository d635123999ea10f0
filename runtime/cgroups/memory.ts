import type { Controller } from "#runtime/cgroups/controller";

/** Swap counts against the limit: a container never swaps its way around it. */
export const memory: Controller = {
  name: "memory",
  v1Names: ["memory"],
  v1: ({ memoryLimitBytes }) =>
    memoryLimitBytes === undefined
      ? []
      : [
          { file: "memory.limit_in_bytes", value: String(memoryLimitBytes) },
          {
            file: "memory.memsw.limit_in_bytes",
            value: String(memoryLimitBytes),
            isOptional: true,
          },
        ],
  v2: ({ memoryLimitBytes }) =>
    memoryLimitBytes === undefined
      ? []
      : [
          { file: "memory.max", value: String(memoryLimitBytes) },
          { file: "memory.swap.max", value: "0", isOptional: true },
        ],
};
