import type { AdmissionPlugin } from "#control-plane/apiserver/admission/admission";
import { defaultTolerations } from "#control-plane/apiserver/admission/default-tolerations";
import { finalizerRules } from "#control-plane/apiserver/admission/finalizer-rules";
import { namespaceLifecycle } from "#control-plane/apiserver/admission/namespace-lifecycle";
import { podPriority } from "#control-plane/apiserver/admission/pod-priority";
import { serviceAccount } from "#control-plane/apiserver/admission/service-account";
import { serviceAddresses } from "#control-plane/apiserver/admission/service-addresses";

/** In order: what a later one reads, an earlier one has filled in. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  podPriority,
  defaultTolerations,
  serviceAddresses,
  finalizerRules,
];
