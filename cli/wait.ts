import { WaitingLine } from "#cli/waiting";

/** Asks again and again until it is true (true) or the time is over (false). `what`: shown on a terminal meanwhile. */
export async function untilTrue(
  question: () => Promise<boolean>,
  { timeoutMs, intervalMs, what }: { timeoutMs: number; intervalMs: number; what?: string },
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  const line = what === undefined ? undefined : new WaitingLine();
  try {
    for (;;) {
      if (await question()) return true;
      if (performance.now() >= deadline) return false;
      line?.show(`waiting ${what}`);
      await new Promise((resolve) => setTimeout(resolve, intervalMs));
    }
  } finally {
    line?.end();
  }
}
