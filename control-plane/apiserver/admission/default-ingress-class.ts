import { defaultIngressClass, ingressClassKind } from "#api/kinds/ingress-class";
import type { Ingress, IngressClass } from "#api/schema/types";
import { type AdmissionPlugin, isKind } from "#control-plane/apiserver/admission/admission";

/** How a class was named before there was a field for it. */
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";

/** An Ingress that names no class gets the default one, if there is one. */
export const defaultIngressClassName: AdmissionPlugin = {
  name: "DefaultIngressClass",
  mutate({ kind, object, operation }, cluster) {
    if (operation !== "CREATE" || !isKind(kind, "networking.k8s.io", "ingresses")) return;
    const { spec, metadata } = object as Ingress;
    const isNamed =
      spec?.ingressClassName !== undefined ||
      metadata.annotations?.[CLASS_ANNOTATION] !== undefined;
    if (!spec || isNamed || !cluster.has(ingressClassKind)) return;
    const classes = [...cluster.list(ingressClassKind)].map(({ object: one }) => one);
    const found = defaultIngressClass(classes as IngressClass[]);
    if (found) spec.ingressClassName = found.metadata.name;
  },
};
