import { defineKind } from "#api/machinery/define-kind";
import { forbidden, immutable, invalid, required } from "#api/machinery/field-path";
import type { FieldError } from "#api/machinery/status-error";
import { ageColumn } from "#api/machinery/table";
import type { IngressClass, IngressClassParametersReference } from "#api/schema/types";
import { oneOf } from "#api/kinds/rules/values";

const IS_DEFAULT_INGRESS_CLASS = "ingressclass.kubernetes.io/is-default-class";
const MAX_CONTROLLER_LENGTH = 250;
const controllerName = /^[a-z0-9.-]+\/[A-Za-z0-9/:._~%+-]+$/;

export const ingressClassKind = defineKind<IngressClass>({
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  isNamespaced: false,
  schema: "io.k8s.api.networking.v1.IngressClass",
  hasGeneration: true,
  columns: [
    {
      name: "Controller",
      type: "string",
      priority: 0,
      description: "Who serves the ingresses of this class.",
      value: (ingressClass) => ingressClass.spec.controller ?? "",
    },
    {
      name: "Parameters",
      type: "string",
      priority: 0,
      description: "The object that configures the controller for this class.",
      value: formatParameters,
    },
    ageColumn,
  ],
  setDefaults: (draft) => {
    draft.spec ??= {};
    if (draft.spec.parameters) draft.spec.parameters.scope ??= "Cluster";
  },
  validate: ({ spec }) => [
    ...validateController(spec.controller),
    ...validateParameters(spec.parameters),
  ],
  validateUpdate: (next, previous) =>
    immutable("spec.controller", next.spec.controller, previous.spec.controller),
});

function formatParameters({ spec: { parameters } }: IngressClass): string {
  if (!parameters) return "<none>";
  const group = parameters.apiGroup ? `.${parameters.apiGroup}` : "";
  return `${parameters.kind}${group}/${parameters.name}`;
}

/** Of several default ones the newest, as Kubernetes chooses. */
export function defaultIngressClass(classes: Iterable<IngressClass>): IngressClass | undefined {
  const created = ({ metadata }: IngressClass): string => metadata.creationTimestamp ?? "";
  return [...classes]
    .filter(({ metadata }) => metadata.annotations?.[IS_DEFAULT_INGRESS_CLASS] === "true")
    .sort(
      (a, b) =>
        created(b).localeCompare(created(a)) || a.metadata.name.localeCompare(b.metadata.name),
    )[0];
}

function validateParameters(parameters: IngressClassParametersReference | undefined): FieldError[] {
  const path = "spec.parameters";
  if (!parameters) return [];
  const { kind, name, namespace, scope = "Cluster" } = parameters;
  const found = oneOf(`${path}.scope`, scope, ["Cluster", "Namespace"]);
  if (!kind) found.push(required(`${path}.kind`));
  if (!name) found.push(required(`${path}.name`));
  if (scope === "Namespace" && !namespace) {
    found.push(required(`${path}.namespace`, '`parameters.scope` is set to "Namespace"'));
  }
  if (scope === "Cluster" && namespace) {
    found.push(forbidden(`${path}.namespace`, '`parameters.scope` is set to "Cluster"'));
  }
  return found;
}

function validateController(controller: string | undefined): FieldError[] {
  const field = "spec.controller";
  if (!controller) return [required(field)];
  if (controller.length > MAX_CONTROLLER_LENGTH) {
    return [invalid(field, controller, `must be no more than ${MAX_CONTROLLER_LENGTH} characters`)];
  }
  return controllerName.test(controller)
    ? []
    : [invalid(field, controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
}
