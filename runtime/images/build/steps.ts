import { BuildError } from "#runtime/images/build/build-error";
import { type StepContext, stepError } from "#runtime/images/build/step";
import { addFiles, copyFiles } from "#runtime/images/build/step-copy";
import { runCommandStep } from "#runtime/images/build/step-run";
import { applySetting, settings } from "#runtime/images/build/step-settings";

/** Carries out one instruction on a stage. True when its layer came from the cache. */
export async function applyStep(step: StepContext): Promise<boolean> {
  try {
    switch (step.instruction.keyword) {
      case "RUN":
        return await runCommandStep(step);
      case "COPY":
        return await copyFiles(step);
      case "ADD":
        return await addFiles(step);
      default:
        return await applySetting(step, settings);
    }
  } catch (error) {
    if (error instanceof BuildError || step.options.signal?.aborted) throw error;
    throw stepError(step, error);
  }
}
