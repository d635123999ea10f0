import { defaultIngressClass } from "#api/kinds/ingress-class";
import type { Ingress, IngressClass } from "#api/schema/types";

export const CONTROLLER_NAME = "kaji.dev/ingress";
const CLASS_ANNOTATION = "kubernetes.io/ingress.class";
/** Served without an IngressClass object too: what charts say who know of no other. */
const impliedClasses = ["kaji", "nginx"];

/** Ours by class; without a class, ours unless another controller's class is the default one. */
export function isServed(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const wanted = ingress.spec.ingressClassName ?? ingress.metadata.annotations?.[CLASS_ANNOTATION];
  if (wanted !== undefined) {
    const known = classes.find(({ metadata }) => metadata.name === wanted);
    return known ? isOurs(known) : impliedClasses.includes(wanted);
  }
  const standard = defaultIngressClass(classes);
  return !standard || isOurs(standard);
}

/** A sentence about the class of an Ingress that asks for what no class of ours has. */
export function classProblem(
  ingress: Ingress,
  classes: readonly IngressClass[],
): string | undefined {
  const known = classes.find(({ metadata }) => metadata.name === ingress.spec.ingressClassName);
  if (!known?.spec.parameters) return undefined;
  const { kind, name } = known.spec.parameters;
  return `class ${known.metadata.name} has parameters (${kind} ${name}): none are known, nothing follows from them; settings of the ingress are flags of kaji ingress`;
}

function isOurs({ spec }: IngressClass): boolean {
  return spec.controller === CONTROLLER_NAME;
}
