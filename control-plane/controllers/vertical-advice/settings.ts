import type { Amounts, Bounds } from "#api/advice/recommend";
import { RESOURCES } from "#api/advice/recommend";
import { quantityProblem } from "#api/machinery/quantity";
import type { KubeObject } from "#api/machinery/meta";

/** What users write on a workload whose pods are to be resized in place. */
const WISH = "kaji.dev/vertical-scaling";
const LEAST = "kaji.dev/vertical-least";
const MOST = "kaji.dev/vertical-most";
/** What the controller writes there: why something is not as it should be. */
export const STATUS = "kaji.dev/vertical-status";

export function isWished({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[WISH] !== undefined;
}

export type Settings =
  | { readonly type: "settings"; readonly bounds: Bounds }
  | { readonly type: "mistake"; readonly sentence: string };

export function settingsOf({ metadata }: KubeObject): Settings {
  const { annotations = {} } = metadata;
  if (annotations[WISH] !== "in-place") {
    return mistake(`${WISH} is "${annotations[WISH]}", and only "in-place" is known`);
  }
  const least = amountsOf(LEAST, annotations[LEAST]);
  const most = amountsOf(MOST, annotations[MOST]);
  if (typeof least === "string") return mistake(least);
  if (typeof most === "string") return mistake(most);
  const crossed = RESOURCES.find(
    ({ field }) => (least[field] ?? 0) > (most[field] ?? Number.POSITIVE_INFINITY),
  );
  if (crossed) return mistake(`${LEAST} of ${crossed.resource} is above ${MOST}`);
  return { type: "settings", bounds: { least, most } };
}

/** "cpu=50m,memory=64Mi". A text is what is wrong with it. */
function amountsOf(annotation: string, text = ""): Partial<Amounts> | string {
  const amounts: { -readonly [Field in keyof Amounts]?: number } = {};
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    const [name = "", amount = ""] = part.split("=");
    const found = RESOURCES.find(({ resource }) => resource === name);
    if (!found || amount === "" || quantityProblem(amount) !== undefined) {
      return `${annotation} has "${part}": write cpu=QUANTITY,memory=QUANTITY`;
    }
    amounts[found.field] = found.read(amount);
  }
  return amounts;
}

function mistake(sentence: string): Settings {
  return { type: "mistake", sentence };
}
