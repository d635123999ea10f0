/** Which room may import which (docs/architecture.md). The one table: test/tidy/layers.test.ts enforces it. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  proto: [],
  api: ["kit"],
  client: ["api", "kit"],
  runtime: ["proto", "kit"],
  "node-agent": ["runtime", "proto", "api", "kit"],
  "control-plane": ["client", "proto", "api", "kit"],
  ingress: ["client", "api", "kit"],
  cli: ["client", "api", "kit"],
  dashboard: ["api"],
};

/** Files that wire rooms together and may therefore import any: the composition roots, a line each. */
export const compositionRoots: readonly string[] = ["cli/rooms.ts"];

/** Inside the control plane only the API server touches the store. */
export const storeUsers: readonly string[] = [
  "control-plane/apiserver/",
  "control-plane/store/",
  "control-plane/main.ts",
];
