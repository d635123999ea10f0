import { errorChain } from "#kit/log";
import type { Clock } from "#kit/clock";
import type { Container, Pod } from "#api/schema/types";
import type { EventRecorder } from "#node-agent/events/recorder";
import type { FoundImage, NodeImages } from "#node-agent/images/node-images";
import { namesRegistry, pullAuths } from "#node-agent/images/pull-secrets";
import type { NodeObjects } from "#node-agent/objects";
import { StepError } from "#node-agent/pod/step-error";
import { type Image, type ImageService, type RegistryAuth, RuntimeError } from "#runtime/runtime";

/**
 * Makes a container's image present, as its imagePullPolicy asks: from its registry
 * where the name or a secret says which that is, else from a node where it was built or imported. Pulls of the same
 * image with the same secrets are one pull: whoever comes second waits for the first. A failed pull is not repeated here: the worker backs off.
 */
export interface ImagePuller {
  ensure(pod: Pod, container: Container): Promise<Image>;
}

interface PullOutcome extends FoundImage {
  readonly pullMs: number;
}

export function createImagePuller(options: {
  readonly images: ImageService;
  /** Absent: there is no other node to ask. */
  readonly nodeImages?: NodeImages;
  readonly objects: NodeObjects;
  readonly events: EventRecorder;
  readonly clock: Clock;
  pulled?(seconds: number, from: "registry" | "node"): void;
}): ImagePuller {
  const { images, nodeImages, objects, events, clock } = options;
  const underWay = new Map<string, Promise<PullOutcome>>();

  const bring = async (reference: string, auths: readonly RegistryAuth[]): Promise<FoundImage> => {
    const fromNodes = () => nodeImages?.find(reference);
    const fromRegistry = async (): Promise<FoundImage> => {
      return { image: await pullWithAny(images, reference, auths), from: "registry" };
    };
    const saysWhere = auths.length > 0 || namesRegistry(reference);
    if (!saysWhere) return (await fromNodes()) ?? fromRegistry();
    // Whoever may import images on one node must not decide what a registry's name means on the others.
    try {
      return await fromRegistry();
    } catch (error) {
      const found = await fromNodes();
      if (found) return found;
      throw error;
    }
  };
  const pullOnce = (reference: string, auths: readonly RegistryAuth[]): Promise<PullOutcome> => {
    const key = JSON.stringify([reference, auths]);
    const running = underWay.get(key);
    if (running) return running;
    const startedAtMs = clock.now();
    const pulling = bring(reference, auths)
      .then((found) => {
        const pullMs = clock.now() - startedAtMs;
        if (found.from === "registry") options.pulled?.(pullMs / 1000, "registry");
        else if (found.from !== "here") options.pulled?.(pullMs / 1000, "node");
        return { ...found, pullMs };
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, pulling);
    return pulling;
  };

  const inspect = async (pod: Pod, { name, image = "" }: Container) => {
    try {
      return await images.status(image);
    } catch (error) {
      const failure = toInspectError(image, error);
      const { message } = failure;
      events.pod(pod, { type: "Warning", reason: "InspectFailed", message, container: name });
      throw failure;
    }
  };

  return {
    async ensure(pod, container) {
      const reference = container.image ?? "";
      const { name } = container;
      const policy = pullPolicy(container);
      const present = policy === "Always" ? undefined : await inspect(pod, container);
      if (present) {
        const message = presentMessage(reference);
        events.pod(pod, { type: "Normal", reason: "Pulled", message, container: name });
        return present;
      }
      if (policy === "Never") {
        const message = `Container image "${reference}" is not present with pull policy of Never`;
        events.pod(pod, { type: "Warning", reason: "ErrImageNeverPull", message, container: name });
        throw new StepError("ErrImageNeverPull", message);
      }
      const pulling = `Pulling image "${reference}"`;
      events.pod(pod, { type: "Normal", reason: "Pulling", message: pulling, container: name });
      const startedAtMs = clock.now();
      try {
        const outcome = await pullOnce(reference, pullAuths(pod, reference, objects));
        const message = pulledMessage(reference, outcome, clock.now() - startedAtMs);
        events.pod(pod, { type: "Normal", reason: "Pulled", message, container: name });
        return outcome.image;
      } catch (error) {
        const message = `Failed to pull image "${reference}": ${errorChain(error)}`;
        events.pod(pod, { type: "Warning", reason: "Failed", message, container: name });
        throw toStepError(reference, error);
      }
    },
  };
}

function pulledMessage(reference: string, outcome: PullOutcome, totalMs: number): string {
  const { from, image, pullMs } = outcome;
  if (from === "here") return presentMessage(reference);
  const pulled =
    `Successfully pulled image "${reference}" in ${seconds(pullMs)} ` +
    `(${seconds(totalMs)} including waiting). Image size: ${image.sizeBytes} bytes.`;
  return from === "registry" ? pulled : `${pulled} It came from node ${from.nodeName}.`;
}

function presentMessage(reference: string): string {
  return `Container image "${reference}" already present on machine`;
}

function seconds(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs}ms` : `${durationMs / 1000}s`;
}

/** Each matching secret in turn, and without any as the last resort. */
async function pullWithAny(
  images: ImageService,
  reference: string,
  auths: readonly RegistryAuth[],
): Promise<Image> {
  if (auths.length === 0) return images.pull(reference, {});
  const failures: unknown[] = [];
  for (const auth of auths) {
    try {
      return await images.pull(reference, { auth });
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

function toInspectError(reference: string, error: unknown): StepError {
  if (error instanceof RuntimeError && error.code === "InvalidImageName") {
    return toStepError(reference, error);
  }
  const message = `Failed to inspect image "${reference}": ${errorChain(error)}`;
  return new StepError("ImageInspectError", message, { cause: error });
}

function toStepError(reference: string, error: unknown): StepError {
  if (error instanceof RuntimeError && error.code === "InvalidImageName") {
    const message = `Failed to apply default image tag "${reference}": ${error.message}`;
    return new StepError("InvalidImageName", message, { cause: error });
  }
  return new StepError("ErrImagePull", errorChain(error), { cause: error });
}

export function pullPolicy(container: Container): "Always" | "IfNotPresent" | "Never" {
  const { imagePullPolicy: policy, image = "" } = container;
  if (policy === "Always" || policy === "IfNotPresent" || policy === "Never") return policy;
  const last = image.split("/").at(-1) ?? "";
  if (last.includes("@")) return "IfNotPresent";
  return !last.includes(":") || last.endsWith(":latest") ? "Always" : "IfNotPresent";
}
