/** The metav1.Status that ends a stream, as exec's error channel carries it. */
export const success = { metadata: {}, status: "Success" } as const;

export function exitStatus(exitCode: number): unknown {
  if (exitCode === 0) return success;
  return {
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

export function failure(message: string): unknown {
  return { metadata: {}, status: "Failure", reason: "InternalError", message, code: 500 };
}
