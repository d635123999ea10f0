/** Objects of the kinds of traffic with every field that they may have. */
const condition = {
  type: "Ready",
  status: "True",
  reason: "Because",
  message: "so",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};
const labelSelector = {
  matchLabels: { app: "web" },
  matchExpressions: [{ key: "tier", operator: "In", values: ["a"] }],
};
const peer = { namespaceSelector: labelSelector, podSelector: labelSelector };
const ports = [{ protocol: "TCP", port: 80, endPort: 90 }, { port: "http" }];
const ipBlock = { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] };

export const fullNetworkPolicy = {
  spec: {
    podSelector: labelSelector,
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [peer, { ipBlock }], ports }],
    egress: [{ to: [peer, { ipBlock }], ports }],
  },
};

export const fullRequestAutoscaler = {
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
    service: "web",
    minReplicas: 0,
    maxReplicas: 3,
    target: { metric: "Concurrency", value: 10, utilizationPercentage: 70 },
    windowSeconds: 60,
    panicWindowSeconds: 6,
    panicThresholdPercentage: 200,
    idleTimeoutSeconds: 60,
    queue: { maxRequests: 10, timeoutSeconds: 5 },
    healthCheckPaths: ["/healthz"],
  },
  status: {
    observedGeneration: 1,
    currentReplicas: 1,
    desiredReplicas: 2,
    observedConcurrency: "1.5",
    observedRequestsPerSecond: "2",
    lastRequestTime: "2026-01-01T00:00:00Z",
    lastScaleTime: "2026-01-01T00:00:00Z",
    question: "a",
    panicTime: "2026-01-01T00:00:00Z",
    conditions: [condition],
  },
};

export const fullTrafficReport = {
  spec: { service: "web", ingress: "here" },
  status: {
    epoch: "a",
    observedTime: "2026-01-01T00:00:00Z",
    inFlight: 1,
    waiting: 1,
    requests: 1,
    lastRequestTime: "2026-01-01T00:00:00Z",
    latencyBoundsMs: [1, 2],
    versions: [{ name: "web-1", requests: 1, errors: 1, latencyMs: 1, latencyBuckets: [1, 0, 0] }],
  },
};
