/**
 * Where the client packages say less than the schema: scalar types that they give as plain strings or
 * objects. Definition -> type -> properties, separated by spaces. Names as in merge-keys.ts.
 */
export const leafTypes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "apps.v1.ControllerRevision": { RawExtension: "data" },
  "autoscaling.v2.HPAScalingRules": { Quantity: "tolerance" },
  "autoscaling.v2.MetricTarget": { Quantity: "averageValue value" },
  "autoscaling.v2.MetricValueStatus": { Quantity: "averageValue value" },
  "core.v1.ContainerStatus": { Quantity: "allocatedResources" },
  "core.v1.EmptyDirVolumeSource": { Quantity: "sizeLimit" },
  "core.v1.LimitRangeItem": { Quantity: "default defaultRequest max maxLimitRequestRatio min" },
  "core.v1.NodeStatus": { Quantity: "allocatable capacity" },
  "core.v1.PersistentVolumeClaimStatus": { Quantity: "allocatedResources capacity" },
  "core.v1.PersistentVolumeSpec": { Quantity: "capacity" },
  "core.v1.PodSpec": { Quantity: "overhead" },
  "core.v1.ResourceFieldSelector": { Quantity: "divisor" },
  "core.v1.ResourceQuotaSpec": { Quantity: "hard" },
  "core.v1.ResourceQuotaStatus": { Quantity: "hard used" },
  "core.v1.ResourceRequirements": { Quantity: "limits requests" },
  "core.v1.VolumeResourceRequirements": { Quantity: "limits requests" },
  "node.v1.Overhead": { Quantity: "podFixed" },
  "apiextensions.v1.CustomResourceSubresources": { CustomResourceSubresourceStatus: "status" },
  "apiextensions.v1.JSONSchemaProps": {
    JSONSchemaPropsOrBool: "additionalItems additionalProperties",
    JSON: "default enum example",
    JSONSchemaPropsOrStringArray: "dependencies",
    JSONSchemaPropsOrArray: "items",
  },
  "meta.v1.ManagedFieldsEntry": { FieldsV1: "fieldsV1" },
};

/** Properties that the packages' declarations call required and the schema does not. */
export const optionalProperties: Readonly<Record<string, string>> = {
  "authentication.v1.TokenRequest": "spec",
  "authentication.v1.TokenRequestSpec": "audiences",
  "authentication.v1.TokenRequestStatus": "expirationTimestamp token",
  "batch.v1.PodFailurePolicyOnPodConditionsPattern": "status",
  "discovery.v1.EndpointSlice": "endpoints",
  "policy.v1.PodDisruptionBudgetStatus":
    "currentHealthy desiredHealthy disruptionsAllowed expectedPods",
  "rbac.v1.RoleRef": "apiGroup",
  "scheduling.v1.PriorityClass": "value",
};
