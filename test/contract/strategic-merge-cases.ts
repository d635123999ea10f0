/** Objects and patches for the strategic-merge contract. Objects hold no field that kubectl would default. */
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web",
    labels: { app: "web", tier: "front" },
    finalizers: ["example.com/a", "example.com/b", "example.com/c"],
  },
  spec: {
    containers: [
      {
        name: "app",
        image: "app:1",
        args: ["-v", "--port=80"],
        env: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
          { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
        ports: [{ containerPort: 80, name: "http" }, { containerPort: 443 }],
        resources: { limits: { cpu: "1", memory: "1Gi" } },
      },
      { name: "side", image: "side:1", resources: {} },
    ],
    nodeSelector: { disk: "ssd", zone: "a" },
    tolerations: [{ key: "a", operator: "Exists" }],
    volumes: [
      { name: "data", emptyDir: { medium: "Memory" } },
      { name: "conf", configMap: { name: "conf" } },
    ],
  },
  status: {},
};

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: 1 } },
    template: { metadata: { labels: { app: "web" } }, spec: pod.spec },
  },
  status: {},
};

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: {
    selector: { app: "web" },
    ports: [
      { name: "http", port: 80, targetPort: 8080 },
      { name: "https", port: 443, targetPort: "tls" },
    ],
    externalIPs: ["10.0.0.1", "10.0.0.2"],
  },
  status: { loadBalancer: {} },
};

export const originals = {
  pod: { schema: "io.k8s.api.core.v1.Pod", object: pod },
  deployment: { schema: "io.k8s.api.apps.v1.Deployment", object: deployment },
  service: { schema: "io.k8s.api.core.v1.Service", object: service },
} as const;

export interface StrategicCase {
  readonly name: string;
  readonly on: keyof typeof originals;
  readonly patch: object;
}

const inPod = (name: string, spec: object): StrategicCase => ({ name, on: "pod", patch: { spec } });
const inApp = (name: string, app: object): StrategicCase =>
  inPod(name, { containers: [{ name: "app", ...app }] });
const inDeployment = (name: string, spec: object): StrategicCase => ({
  name,
  on: "deployment",
  patch: { spec },
});
const inService = (name: string, spec: object): StrategicCase => ({
  name,
  on: "service",
  patch: { spec },
});
const inMeta = (name: string, metadata: object): StrategicCase => ({
  name,
  on: "pod",
  patch: { metadata },
});

export const strategicCases: readonly StrategicCase[] = [
  inMeta("a label is added and another removed", { labels: { new: "x", tier: null } }),
  inMeta("all labels are removed", { labels: null }),
  inMeta("a map is replaced by directive", { labels: { $patch: "replace", only: "one" } }),
  inMeta("a map is deleted by directive", { labels: { $patch: "delete" } }),
  inMeta("an unknown map directive is refused", { labels: { $patch: "mix" } }),
  inMeta("a map's merge directive is judged alike", { labels: { $patch: "merge", x: "y" } }),
  inMeta("annotations appear, their nulls do not", { annotations: { a: "b", c: null } }),
  inMeta("a primitive list is merged", { finalizers: ["example.com/d", "example.com/a"] }),
  inMeta("a primitive is deleted from its list", {
    "$deleteFromPrimitiveList/finalizers": ["example.com/b"],
  }),
  inMeta("a primitive is deleted from a list that is not there", {
    "$deleteFromPrimitiveList/missing": ["x"],
  }),
  inMeta("primitives are put in order", {
    "$setElementOrder/finalizers": ["example.com/c", "example.com/a"],
  }),
  inMeta("primitives are added, deleted and ordered", {
    "$setElementOrder/finalizers": ["example.com/d", "example.com/c"],
    "$deleteFromPrimitiveList/finalizers": ["example.com/a"],
    finalizers: ["example.com/d"],
  }),
  inApp("a container's image changes", { image: "app:2" }),
  inApp("a container's image is removed", { image: null }),
  inApp("an atomic list is replaced", { args: ["-q"] }),
  inApp("a variable is changed, another added", {
    env: [
      { name: "B", value: "3" },
      { name: "D", value: "4" },
    ],
  }),
  inApp("a variable's source is replaced by a value", {
    env: [{ name: "C", value: "9", valueFrom: null }],
  }),
  inApp("a variable is deleted by directive", { env: [{ name: "A", $patch: "delete" }] }),
  inApp("a variable that is not there is deleted", { env: [{ name: "Z", $patch: "delete" }] }),
  inApp("variables are replaced by directive", {
    env: [{ $patch: "replace" }, { name: "X", value: "1" }],
  }),
  inApp("variables are emptied by directive", { env: [{ $patch: "replace" }] }),
  inApp("an empty list changes nothing", { env: [] }),
  inApp("variables are put in order", {
    "$setElementOrder/env": [{ name: "C" }, { name: "A" }],
  }),
  inApp("variables are added in order", {
    "$setElementOrder/env": [{ name: "C" }, { name: "D" }, { name: "A" }],
    env: [{ name: "D", value: "4" }],
  }),
  inApp("a list out of its directive's order is refused", {
    "$setElementOrder/env": [{ name: "A" }, { name: "B" }],
    env: [
      { name: "B", value: "1" },
      { name: "A", value: "1" },
    ],
  }),
  inApp("a list with items that the order lacks is refused", {
    "$setElementOrder/env": [{ name: "A" }],
    env: [{ name: "Q", value: "1" }],
  }),
  inApp("an item is deleted beside an order", {
    "$setElementOrder/env": [{ name: "B" }, { name: "C" }],
    env: [{ name: "A", $patch: "delete" }],
  }),
  inApp("an order comes for a list that is not there", {
    "$setElementOrder/volumeMounts": [{ mountPath: "/b" }, { mountPath: "/a" }],
    volumeMounts: [
      { mountPath: "/b", name: "data" },
      { mountPath: "/a", name: "conf" },
    ],
  }),
  inApp("a port is changed by its number", { ports: [{ containerPort: 443, name: "https" }] }),
  inApp("a port is added", { ports: [{ containerPort: 9000 }] }),
  inApp("a resource limit changes", { resources: { limits: { cpu: "2" } } }),
  inApp("a resource limit is removed", { resources: { limits: { cpu: null } } }),
  inApp("requests appear", { resources: { requests: { cpu: "100m", memory: null } } }),
  inPod("an item without its merge key is refused", { containers: [{ image: "x" }] }),
  inPod("a container is added", { containers: [{ name: "new", image: "new:1" }] }),
  inPod("an added container's nulls are judged alike", {
    containers: [{ name: "new", image: "new:1", env: null, workingDir: null }],
  }),
  inPod("an added container's directives are judged alike", {
    containers: [{ name: "new", image: "new:1", env: [{ name: "A", $patch: "delete" }] }],
  }),
  inPod("a container is deleted", { containers: [{ name: "side", $patch: "delete" }] }),
  inPod("two containers change places", {
    "$setElementOrder/containers": [{ name: "side" }, { name: "app" }],
    containers: [{ name: "side", image: "side:2" }],
  }),
  inPod("a new container goes first", {
    "$setElementOrder/containers": [{ name: "first" }, { name: "app" }, { name: "side" }],
    containers: [{ name: "first", image: "f:1" }],
  }),
  inPod("containers all go", { containers: null }),
  inPod("a volume's source is changed with retainKeys", {
    volumes: [{ name: "data", $retainKeys: ["name", "hostPath"], hostPath: { path: "/data" } }],
  }),
  inPod("a retainKeys list that lacks a key is refused", {
    volumes: [{ name: "data", $retainKeys: ["name"], hostPath: { path: "/data" } }],
  }),
  inPod("a volume is added with retainKeys", {
    volumes: [{ name: "tmp", $retainKeys: ["name", "emptyDir"], emptyDir: {} }],
  }),
  inPod("tolerations are replaced", { tolerations: [{ key: "b", operator: "Exists" }] }),
  inPod("a node selector merges", { nodeSelector: { zone: "b", disk: null } }),
  inPod("init containers appear without nulls", {
    initContainers: [{ name: "init", image: "i:1", command: null }],
  }),
  inPod("an added list's directives go", {
    initContainers: [{ $patch: "replace" }, { name: "init", image: "i:1" }],
  }),
  inPod("a security context appears with a directive", {
    securityContext: { $patch: "replace", runAsUser: 5 },
  }),
  inPod("a directive deletes a map that is not there", { securityContext: { $patch: "delete" } }),
  inPod("a map replaces a scalar", { hostname: { a: "b" } }),
  inPod("a deep map appears with a directive inside", {
    affinity: { nodeAffinity: { $patch: "replace" }, podAffinity: {} },
  }),
  inDeployment("replicas change", { replicas: 5 }),
  inDeployment("the strategy becomes Recreate with retainKeys", {
    strategy: { $retainKeys: ["type"], type: "Recreate" },
  }),
  inDeployment("the strategy becomes Recreate with null", {
    strategy: { type: "Recreate", rollingUpdate: null },
  }),
  inDeployment("the image changes in the template", {
    template: { spec: { containers: [{ name: "app", image: "app:3" }] } },
  }),
  inDeployment("a restart annotation is added", {
    template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } },
  }),
  inDeployment("conditions are born", { paused: true, minReadySeconds: 4 }),
  inDeployment("the template is replaced by directive", {
    template: { $patch: "replace", metadata: { labels: { app: "web" } }, spec: { containers: [] } },
  }),
  inService("a port's target changes", { ports: [{ port: 80, targetPort: 9090 }] }),
  inService("a port is added", { ports: [{ name: "metrics", port: 9090 }] }),
  inService("a port is removed", { ports: [{ port: 443, $patch: "delete" }] }),
  inService("an atomic primitive list is replaced", { externalIPs: ["10.0.0.9"] }),
  inService("a primitive is deleted from an atomic list", {
    "$deleteFromPrimitiveList/externalIPs": ["10.0.0.1"],
  }),
  inService("the selector changes", { selector: { app: null, role: "x" } }),
  inService("the type appears", { type: "NodePort" }),
];
