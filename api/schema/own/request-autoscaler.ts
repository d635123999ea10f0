import { conditions, type ObjectOf, ownKind } from "#api/schema/own/kind-shape";
import { integer, listOf, long, record, text, time } from "#api/schema/own/shape";

/** Scales a workload by the requests that reach it through the ingress, down to none. */
const target = record(
  "RequestTarget",
  "How much one replica shall carry.",
  {},
  {
    metric: text("What is counted: Concurrency (requests in flight) or RequestsPerSecond."),
    value: integer("How much of it one replica can carry."),
    utilizationPercentage: integer("How much of that it shall carry in the mean."),
  },
);
const queue = record(
  "RequestQueue",
  "Requests that wait while no replica is ready.",
  {},
  {
    maxRequests: integer("More than these at once, on one ingress, are answered 503."),
    timeoutSeconds: integer("Who waited this long is answered 503."),
  },
);
const spec = record(
  "RequestAutoscalerSpec",
  "What is scaled, by what, and how far.",
  {
    scaleTargetRef: record(
      "RequestScaleTarget",
      "What is scaled: anything with a scale subresource.",
      { kind: text("Such as Deployment."), name: text("Its name.") },
      { apiVersion: text("Such as apps/v1.") },
    ),
    service: text("The Service whose requests count, of the same namespace."),
    maxReplicas: integer("Never more than these."),
  },
  {
    minReplicas: integer("Never fewer than these; 0 lets it sleep."),
    target,
    windowSeconds: integer("The mean of this long decides."),
    panicWindowSeconds: integer("In a burst, the mean of this long decides."),
    panicThresholdPercentage: integer("A burst is this much of what the ready replicas can carry."),
    idleTimeoutSeconds: integer("After this long without a request the last replicas go."),
    queue,
    healthCheckPaths: listOf(
      text("A path, matched whole."),
      "Requests for these, as those of known health checkers, neither wake nor keep awake.",
    ),
  },
);
const status = record(
  "RequestAutoscalerStatus",
  "What was seen and decided.",
  {},
  {
    observedGeneration: long("The generation that was decided on."),
    currentReplicas: integer("As the target says."),
    desiredReplicas: integer("As was decided last."),
    observedConcurrency: text("Requests in flight, the mean over the window."),
    observedRequestsPerSecond: text("The mean over the window."),
    lastRequestTime: time("When a request was last seen."),
    lastScaleTime: time("When the number was last changed."),
    question: text("Asked before replicas are taken away: reports that answer it are newer."),
    panicTime: time("When the last burst was seen."),
    conditions,
  },
);

export const requestAutoscalerSchema = ownKind(
  "RequestAutoscaler",
  "RequestAutoscaler scales a workload by its requests, down to none.",
  spec,
  status,
);
export type RequestAutoscaler = ObjectOf<typeof requestAutoscalerSchema>;
