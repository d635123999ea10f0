import { defineKind, type TableColumn } from "#api/machinery/define-kind";
import { immutable } from "#api/machinery/field-path";
import { formatSelector, selectorFromLabelSelector } from "#api/machinery/labels";
import { ageColumn } from "#api/machinery/table";
import { setDeploymentDefaults, validateDeployment } from "#api/kinds/deployment-rules";
import { templateColumns } from "#api/kinds/workload-columns";
import type { Deployment } from "#api/schema/types";

const columns: readonly TableColumn<Deployment>[] = [
  {
    name: "Ready",
    type: "string",
    priority: 0,
    description: "Pods that are ready, of all that there should be.",
    value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`,
  },
  {
    name: "Up-to-date",
    type: "integer",
    priority: 0,
    description: "Pods made from the present template.",
    value: (deployment) => deployment.status?.updatedReplicas ?? 0,
  },
  {
    name: "Available",
    type: "integer",
    priority: 0,
    description: "Pods that have been ready for at least minReadySeconds.",
    value: (deployment) => deployment.status?.availableReplicas ?? 0,
  },
  ageColumn,
  ...templateColumns,
];

export const deploymentKind = defineKind<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  shortNames: ["deploy"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.apps.v1.Deployment",
  subresources: ["status", "scale"],
  hasGeneration: true,
  columns,
  setDefaults: setDeploymentDefaults,
  validate: validateDeployment,
  validateUpdate: (next, previous) =>
    immutable("spec.selector", next.spec.selector, previous.spec.selector),
  scale: {
    getReplicas: (deployment) => deployment.spec.replicas ?? 1,
    setReplicas: (draft, replicas) => {
      draft.spec.replicas = replicas;
    },
    getStatusReplicas: (deployment) => deployment.status?.replicas ?? 0,
    getSelector: (deployment) =>
      formatSelector(selectorFromLabelSelector(deployment.spec.selector)),
  },
});
