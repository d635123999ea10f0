import { podKind } from "#api/kinds/pod";
import type { Container, Job, Pod, PodSpec } from "#api/schema/types";
import type { Action } from "#control-plane/controllers/controller";
import { INDEX_KEY, TRACKING_FINALIZER } from "#control-plane/controllers/job/pods";
import { controllerReference } from "#control-plane/controllers/ownership";

const INDEX_ENV = "JOB_COMPLETION_INDEX";
/** What a generated suffix of five leaves of a name. */
const MAX_PREFIX_LENGTH = 58;
const MAX_HOST_NAME_LENGTH = 63;

/** `index` undefined: the pods of this Job are all alike. `counts` are annotations of the index. */
export function createPod(
  job: Job,
  index: number | undefined,
  counts: Record<string, string> = {},
): Action {
  const { template } = job.spec;
  const { labels, annotations, finalizers = [] } = template.metadata ?? {};
  const ofIndex: Record<string, string> = index === undefined ? {} : { [INDEX_KEY]: String(index) };
  const object: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "",
      generateName: namePrefix(job.metadata.name, index),
      namespace: job.metadata.namespace,
      labels: { ...labels, ...ofIndex },
      annotations: { ...annotations, ...ofIndex, ...counts },
      finalizers: [...new Set([...finalizers, TRACKING_FINALIZER])],
      ownerReferences: [controllerReference(job)],
    },
    spec: index === undefined ? structuredClone(template.spec) : indexedSpec(job, index),
  };
  return {
    type: "create",
    kind: podKind,
    object,
    event: {
      about: job,
      type: "Normal",
      reason: "SuccessfulCreate",
      message: "Created pod: %NAME%",
      failure: { reason: "FailedCreate", message: "Error creating: %ERROR%" },
    },
  };
}

function namePrefix(jobName: string, index: number | undefined): string {
  const suffix = index === undefined ? "-" : `-${index}-`;
  return jobName.slice(0, MAX_PREFIX_LENGTH - suffix.length) + suffix;
}

function indexedSpec(job: Job, index: number): PodSpec {
  const spec = structuredClone(job.spec.template.spec);
  const hostname = `${job.metadata.name}-${index}`;
  if (!spec.hostname && hostname.length <= MAX_HOST_NAME_LENGTH) spec.hostname = hostname;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) addIndex(container);
  return spec;
}

function addIndex(container: Container): void {
  if (container.env?.some(({ name }) => name === INDEX_ENV)) return;
  const fieldRef = { apiVersion: "v1", fieldPath: `metadata.labels['${INDEX_KEY}']` };
  container.env = [...(container.env ?? []), { name: INDEX_ENV, valueFrom: { fieldRef } }];
}
