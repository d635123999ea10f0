import type { RequestAutoscaler } from "#api/schema/own/request-autoscaler";
import type { Source } from "#control-plane/controllers/request-autoscaler/history";
import { toMicroTime } from "#kit/clock";

/**
 * An ingress that has nothing to tell is silent, and so is one whose process is down while its nginx serves on. So
 * before anything is taken away every ingress must have spoken just now: where one has not, it is asked.
 */
export type Silence =
  | { readonly type: "none" }
  // `silent`: those that had their time to answer.
  /** `question` goes into the status; the ingresses answer with a report that repeats it. */
  | { readonly type: "ask"; readonly question: string; readonly silent: readonly Source[] }
  | { readonly type: "asked"; readonly silent: readonly Source[] };

export const INGRESS_SILENT = "IngressSilent";
const FRESH_MS = 5_000;
const ASK_AGAIN_MS = 60_000;
/** An answer takes milliseconds: who has not spoken for this long is not there. */
export const PATIENCE_MS = 5_000;

export function askFirst(
  { status }: Pick<RequestAutoscaler, "status">,
  sources: readonly Source[],
  nowMs: number,
): Silence {
  const question = status?.question;
  const silent = sources.filter(({ atMs }) => nowMs - atMs > FRESH_MS);
  if (silent.length === 0) return { type: "none" };
  const askedMs = Date.parse(question ?? "") || 0;
  const isOpen = silent.some(({ confirmed }) => confirmed !== question);
  if (question !== undefined && isOpen && nowMs - askedMs < ASK_AGAIN_MS) {
    // Said once, it stands until the answer: also while it is asked anew.
    const isSaid = status?.conditions?.some(({ reason }) => reason === INGRESS_SILENT) ?? false;
    return { type: "asked", silent: isSaid || nowMs - askedMs > PATIENCE_MS ? silent : [] };
  }
  const unheard = question !== undefined && isOpen ? silent : [];
  return { type: "ask", question: toMicroTime(nowMs), silent: unheard };
}
