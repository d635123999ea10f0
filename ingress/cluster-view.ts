import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { requestAutoscalerKind } from "#api/kinds/request-autoscaler";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import type { Informers } from "#client/shared-informers";
import { passwordSecrets } from "#ingress/password-secrets";
import type { ClusterView } from "#ingress/plan/plan";
import { concernsIngress } from "#ingress/traffic/watch";

const SLICE_SERVICE_LABEL = "kubernetes.io/service-name";

/** The cluster as the planner reads it; every change of it calls back. */
export function viewCluster(
  informers: Informers,
  defaultCertificate: string | undefined,
  onChange: () => void,
): ClusterView {
  const ingresses = informers.for(ingressKind);
  const classes = informers.for(ingressClassKind);
  const services = informers.for(serviceKind);
  const slices = informers.for(endpointSliceKind);
  const secrets = informers.for(secretKind, { fieldSelector: "type=kubernetes.io/tls" });
  const autoscalers = informers.for(requestAutoscalerKind);
  autoscalers.addIndex("service", ({ metadata, spec }) => [
    `${metadata.namespace}/${spec.service}`,
  ]);
  slices.addIndex("service", ({ metadata }) => [
    `${metadata.namespace}/${metadata.labels?.[SLICE_SERVICE_LABEL]}`,
  ]);
  for (const informer of [ingresses, classes, services, slices, secrets])
    informer.onChange(onChange);
  autoscalers.onChange(({ previous, current }) => {
    if (concernsIngress(previous, current)) onChange();
  });
  return {
    get ingresses() {
      return ingresses.list();
    },
    get classes() {
      return classes.list();
    },
    service: (key) => services.get(key),
    secret: (key) => secrets.get(key),
    passwordSecret: passwordSecrets(informers, onChange),
    ...(defaultCertificate === undefined ? {} : { defaultCertificate }),
    autoscaler: (key) => autoscalers.byIndex("service", key)[0],
    slices: (key) => slices.byIndex("service", key),
  };
}
