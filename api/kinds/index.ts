import type { Kind } from "#api/machinery/define-kind";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { eventKind } from "#api/kinds/event";
import { ingressKind } from "#api/kinds/ingress";
import { ingressClassKind } from "#api/kinds/ingress-class";
import { leaseKind } from "#api/kinds/lease";
import { namespaceKind } from "#api/kinds/namespace";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { replicaSetKind } from "#api/kinds/replica-set";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import { serviceAccountKind } from "#api/kinds/service-account";

/** All kinds that the API serves. Adding one: a file beside this one, and its line here. */
export const kinds: readonly Kind[] = [
  namespaceKind,
  nodeKind,
  podKind,
  serviceKind,
  configMapKind,
  secretKind,
  serviceAccountKind,
  eventKind,
  endpointSliceKind,
  leaseKind,
  deploymentKind,
  replicaSetKind,
  ingressKind,
  ingressClassKind,
];
