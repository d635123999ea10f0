import type { AdmissionPlugin } from "#control-plane/apiserver/admission/admission";
import { claimResize } from "#control-plane/apiserver/admission/claim-resize";
import { defaultIngressClassName } from "#control-plane/apiserver/admission/default-ingress-class";
import { defaultStorageClass } from "#control-plane/apiserver/admission/default-storage-class";
import { defaultTolerations } from "#control-plane/apiserver/admission/default-tolerations";
import { finalizerRules } from "#control-plane/apiserver/admission/finalizer-rules";
import { limitRange } from "#control-plane/apiserver/admission/limit-range";
import { namespaceLifecycle } from "#control-plane/apiserver/admission/namespace-lifecycle";
import { podPriority } from "#control-plane/apiserver/admission/pod-priority";
import { resourceQuota } from "#control-plane/apiserver/admission/resource-quota";
import { rolloutState } from "#control-plane/apiserver/admission/rollout-state";
import { runtimeClass } from "#control-plane/apiserver/admission/runtime-class";
import { serviceAccount } from "#control-plane/apiserver/admission/service-account";
import { serviceAddresses } from "#control-plane/apiserver/admission/service-addresses";
import { podSecurity } from "#control-plane/apiserver/admission/tenant-pod-security";
import { storageProtection } from "#control-plane/apiserver/admission/storage-protection";
import { tenantHosts } from "#control-plane/apiserver/admission/tenant-hosts";
import { tenantNamespaces } from "#control-plane/apiserver/admission/tenant-namespaces";
import { tenantRecords } from "#control-plane/apiserver/admission/tenant-records";
import { tenantWorkloads } from "#control-plane/apiserver/admission/tenant-workloads";

/** In order: what a later one reads, an earlier one has filled in. */
export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  tenantRecords,
  tenantNamespaces,
  tenantHosts,
  tenantWorkloads,
  serviceAccount,
  podPriority,
  limitRange,
  runtimeClass,
  defaultTolerations,
  serviceAddresses,
  defaultIngressClassName,
  defaultStorageClass,
  storageProtection,
  claimResize,
  finalizerRules,
  rolloutState,
  podSecurity,
  resourceQuota,
];
