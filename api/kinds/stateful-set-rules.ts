import { setClaimDefaults, validateClaimSpec } from "#api/kinds/persistent-volume-claim-rules";
import { isZeroAmount, validatePodAmount } from "#api/kinds/rules/amounts";
import { isSemanticallyEqual } from "#api/kinds/rules/equal";
import { defaultTemplate, validateSelectorAndTemplate } from "#api/kinds/rules/templates";
import { each, nonNegative, optionalOneOf, requiredName } from "#api/kinds/rules/values";
import { duplicate, forbidden, invalid, required } from "#api/machinery/field-path";
import { isDns1123Label } from "#api/machinery/names";
import { validateLabels } from "#api/machinery/object-meta";
import type { FieldError } from "#api/machinery/status-error";
import type {
  PersistentVolumeClaim,
  StatefulSet,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from "#api/schema/types";

const words = { ofSelector: "statefulset", ofTemplate: "StatefulSet" };
const CLAIM_POLICIES = ["Retain", "Delete"];

/** Mutates the draft. */
export function setStatefulSetDefaults(draft: StatefulSet): void {
  draft.spec ??= { selector: {}, template: { spec: { containers: [] } } };
  const { spec } = draft;
  spec.podManagementPolicy ||= "OrderedReady";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.updateStrategy ??= {};
  spec.updateStrategy.type ||= "RollingUpdate";
  if (spec.updateStrategy.type === "RollingUpdate") {
    spec.updateStrategy.rollingUpdate ??= {};
    spec.updateStrategy.rollingUpdate.partition ??= 0;
  }
  const policy = (spec.persistentVolumeClaimRetentionPolicy ??= {});
  policy.whenDeleted ||= "Retain";
  policy.whenScaled ||= "Retain";
  defaultTemplate(spec.template);
  for (const claim of spec.volumeClaimTemplates ?? []) defaultClaim(claim);
  draft.status ??= { replicas: 0 };
  draft.status.availableReplicas ??= 0;
}

export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  const claims = "spec.persistentVolumeClaimRetentionPolicy";
  return [
    ...validatePolicy(spec.podManagementPolicy),
    ...validateStrategy(spec.updateStrategy ?? {}),
    ...optionalOneOf(`${claims}.whenDeleted`, whenDeleted, CLAIM_POLICIES),
    ...optionalOneOf(`${claims}.whenScaled`, whenScaled, CLAIM_POLICIES),
    ...nonNegative("spec.replicas", spec.replicas),
    ...nonNegative("spec.minReadySeconds", spec.minReadySeconds),
    ...nonNegative("spec.ordinals.start", spec.ordinals?.start),
    ...nonNegative("spec.revisionHistoryLimit", spec.revisionHistoryLimit),
    ...validateSelectorAndTemplate(withClaimVolumes(spec), words),
    ...validateClaims(spec),
  ];
}

function validatePolicy(policy: string | undefined): FieldError[] {
  const field = "spec.podManagementPolicy";
  if (!policy) return [required(field)];
  return policy === "OrderedReady" || policy === "Parallel"
    ? []
    : [invalid(field, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function validateStrategy(strategy: StatefulSetUpdateStrategy): FieldError[] {
  const path = "spec.updateStrategy";
  const { type, rollingUpdate } = strategy;
  switch (type) {
    case undefined:
    case "":
      return [required(path)];
    case "OnDelete": {
      const detail = "only allowed for updateStrategy 'RollingUpdate'";
      return rollingUpdate ? [invalid(`${path}.rollingUpdate`, rollingUpdate, detail)] : [];
    }
    case "RollingUpdate": {
      const { partition, maxUnavailable } = rollingUpdate ?? {};
      const field = `${path}.rollingUpdate.maxUnavailable`;
      const isZero = maxUnavailable !== undefined && isZeroAmount(maxUnavailable);
      return [
        ...nonNegative(`${path}.rollingUpdate.partition`, partition),
        ...validatePodAmount(field, maxUnavailable),
        ...(isZero ? [invalid(field, maxUnavailable, "cannot be 0")] : []),
      ];
    }
    default:
      return [invalid(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

/** Names come from the templates: two of one name would share a claim. */
function validateClaims({ volumeClaimTemplates }: StatefulSetSpec): FieldError[] {
  const names = new Set<string>();
  return each("spec.volumeClaimTemplates", volumeClaimTemplates, ({ metadata, spec }, at) => {
    const name = metadata?.name ?? "";
    const isAgain = names.has(name);
    names.add(name);
    return [
      ...requiredName(`${at}.metadata.name`, name, isDns1123Label),
      ...(isAgain ? [duplicate(`${at}.metadata.name`, name)] : []),
      ...validateLabels(metadata?.labels, `${at}.metadata.labels`),
      ...validateClaimSpec(spec, `${at}.spec`),
    ];
  });
}

/** The template as its pods will be: containers mount claims by the names of their templates. */
function withClaimVolumes(spec: StatefulSetSpec): StatefulSetSpec {
  const podSpec = spec.template?.spec;
  const names = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? "");
  if (!podSpec || names.length === 0) return spec;
  const own = podSpec.volumes ?? [];
  const claims = names
    .filter((name) => isDns1123Label(name).length === 0 && !own.some((one) => one.name === name))
    .map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const volumes = [...own, ...new Map(claims.map((one) => [one.name, one])).values()];
  return { ...spec, template: { ...spec.template, spec: { ...podSpec, volumes } } };
}

/** Claims within a template are whole objects, as Kubernetes shows them. Mutates them. */
function defaultClaim(claim: PersistentVolumeClaim): void {
  claim.apiVersion ||= "v1";
  claim.kind ||= "PersistentVolumeClaim";
  setClaimDefaults(claim);
}

const mutable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

export function validateStatefulSetUpdate(next: StatefulSet, previous: StatefulSet): FieldError[] {
  if (isSemanticallyEqual(fixedPart(next.spec), fixedPart(previous.spec))) return [];
  const names = mutable.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const detail = `updates to statefulset spec for fields other than ${list} are forbidden`;
  return [forbidden("spec", detail)];
}

function fixedPart(spec: StatefulSetSpec): object {
  return { ...spec, ...Object.fromEntries(mutable.map((name) => [name, undefined])) };
}
