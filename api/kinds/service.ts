import { defineKind } from "#api/machinery/define-kind";
import { isDns1035Label } from "#api/machinery/names";
import { setServiceDefaults } from "#api/kinds/service-defaults";
import { validateService, validateServiceUpdate } from "#api/kinds/service-validation";
import { serviceColumns } from "#api/kinds/service-columns";
import type { Service } from "#api/schema/types";

export const serviceKind = defineKind<Service>({
  group: "",
  version: "v1",
  kind: "Service",
  plural: "services",
  shortNames: ["svc"],
  categories: ["all"],
  isNamespaced: true,
  schema: "io.k8s.api.core.v1.Service",
  subresources: ["status"],
  nameRule: isDns1035Label,
  columns: serviceColumns,
  selectableFields: {
    "spec.clusterIP": (service) => service.spec.clusterIP ?? "",
    "spec.type": (service) => service.spec.type ?? "",
  },
  setDefaults: setServiceDefaults,
  validate: validateService,
  validateUpdate: validateServiceUpdate,
});
