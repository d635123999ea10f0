import { jobKind } from "#api/kinds/job";
import { podKind } from "#api/kinds/pod";
import { selectorFromLabelSelector } from "#api/machinery/labels";
import { controllerOf, keyOf, type KubeObject } from "#api/machinery/meta";
import type { Job } from "#api/schema/types";
import { type Caches, defineController } from "#control-plane/controllers/controller";
import { type JobInput, planJob } from "#control-plane/controllers/job/plan";
import { isTracked } from "#control-plane/controllers/job/pods";

const OWN_NAME = "kubernetes.io/job-controller";

/** Runs pods until enough of them have succeeded. */
export const jobController = defineController<Job, JobInput>({
  name: "job",
  reconciles: jobKind,
  watches: [{ kind: podKind, keysOf: keysOfPod }],
  observe(caches, key) {
    const job = caches.get(jobKind, key);
    const { managedBy = OWN_NAME } = job?.spec ?? {};
    if (managedBy !== OWN_NAME) return undefined;
    const [namespace = "", name = ""] = key.split("/");
    const uid = job?.metadata.uid;
    const pods = caches.inNamespace(podKind, namespace);
    const strays = pods.filter((pod) => {
      const owner = controllerOf(pod);
      return owner?.kind === jobKind.kind && owner.name === name && owner.uid !== uid;
    });
    const orphans = job ? pods.filter((pod) => !controllerOf(pod)) : [];
    const owned = uid ? caches.ownedBy(podKind, uid) : [];
    return { job, candidates: [...owned, ...orphans], strays: strays.filter(isTracked) };
  },
  plan: planJob,
});

/** The Job that a pod names is looked at even when it is gone: it may have left the pod its finalizer. */
function keysOfPod(pod: KubeObject, caches: Caches): readonly string[] {
  const owner = controllerOf(pod);
  const { namespace = "", labels = {} } = pod.metadata;
  if (owner) return owner.kind === jobKind.kind ? [`${namespace}/${owner.name}`] : [];
  return caches
    .inNamespace(jobKind, namespace)
    .filter(({ spec }) => spec.selector && selectorFromLabelSelector(spec.selector).matches(labels))
    .map(keyOf);
}
