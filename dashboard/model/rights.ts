import { apiJson } from "#dashboard/model/api-request";

/** What the viewer may do, as the API server itself answers. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  /** The plural; "pods/exec" for a subresource. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

const VERSION = "authorization.k8s.io/v1";
/** A right that was given or taken meanwhile is seen after this. */
const KNOWN_FOR_MS = 60_000;
const MAX_KNOWN = 500;

interface Answer {
  readonly isAllowed: Promise<boolean>;
  readonly askedMs: number;
}
const known = new Map<string, Answer>();

/** Asked once a minute at most for each access, however many buttons want to know. */
export function mayI(access: Access): Promise<boolean> {
  const key = JSON.stringify(access);
  const before = known.get(key);
  const nowMs = Date.now();
  if (before && nowMs - before.askedMs < KNOWN_FOR_MS) return before.isAllowed;
  if (known.size >= MAX_KNOWN) known.clear();
  const isAllowed = ask(access);
  known.set(key, { isAllowed, askedMs: nowMs });
  isAllowed.catch(() => known.delete(key));
  return isAllowed;
}

/** Somebody else has logged in. */
export function forgetRights(): void {
  known.clear();
}

/** "you may not delete pods in shop" */
export function refusalOf({ verb, resource, namespace }: Access): string {
  return `you may not ${verb} ${resource}${namespace ? ` in ${namespace}` : ""}`;
}

async function ask({ verb, group, resource, namespace, name }: Access): Promise<boolean> {
  const [plural = "", subresource] = resource.split("/");
  const resourceAttributes = { verb, group, resource: plural, subresource, namespace, name };
  const { status } = await apiJson<{ status?: { allowed?: boolean } }>(
    `/apis/${VERSION}/selfsubjectaccessreviews`,
    {
      method: "POST",
      contentType: "application/json",
      body: JSON.stringify({
        apiVersion: VERSION,
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes },
      }),
    },
  );
  return status?.allowed === true;
}
