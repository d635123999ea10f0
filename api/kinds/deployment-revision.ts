/** On a Deployment and its ReplicaSets: which version it is, counted from 1. Source: kubectl rollout history. */
export const REVISION = "deployment.kubernetes.io/revision";
