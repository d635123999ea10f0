import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const source = {
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
};

/** One project per kind of test; `npm test` runs them in this order, cheapest first. */
export default defineConfig({
  ...source,
  test: {
    projects: [
      project("unit", [
        "{api,kit,proto,client,control-plane,node-agent,runtime,ingress,cli,dashboard,scripts}/**/*.test.ts",
      ]),
      project("contract", ["test/contract/**/*.test.ts"]),
      project("scenarios", ["test/scenarios/**/*.test.ts"]),
      project("simulation", ["test/simulation/**/*.test.ts"], 120_000),
      project("e2e", ["test/e2e/**/*.test.ts"], 120_000),
      project("claims", ["test/claims/**/*.test.ts"], 120_000),
      project("tidy", ["test/tidy/**/*.test.ts"]),
    ],
  },
});

/** The time-out is for what hangs: nothing is a failure for being slow on a busy machine. */
function project(name: string, include: string[], testTimeout = 60_000) {
  const isOnHost = name === "e2e" || name === "claims";
  return {
    ...source,
    test: {
      name,
      include,
      testTimeout,
      hookTimeout: testTimeout,
      // Unit tests leave nothing behind in their process, and starting one for each file costs more than most files.
      isolate: name !== "unit",
      ...(isOnHost ? { fileParallelism: false } : { maxWorkers: availableParallelism() }),
    },
  };
}
