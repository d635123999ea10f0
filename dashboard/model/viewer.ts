import { apiJson } from "#dashboard/model/api-request";
import { mayI } from "#dashboard/model/rights";
import { namespaceOfToken, sessionToken } from "#dashboard/model/session";

/** Who the server takes the viewer for. */
export interface Viewer {
  readonly name: string;
  readonly groups: readonly string[];
  /** Where to look first; undefined: everywhere. A service account that may not, looks at its own namespace. */
  readonly namespace: string | undefined;
}

/** Throws ApiRefusal (401) when the server knows nobody by this token or certificate. */
export async function whoAmI(): Promise<Viewer> {
  const apiVersion = "authentication.k8s.io/v1";
  const review = await apiJson<{
    status?: { userInfo?: { username?: string; groups?: string[] } };
  }>(`/apis/${apiVersion}/selfsubjectreviews`, {
    method: "POST",
    contentType: "application/json",
    body: JSON.stringify({ apiVersion, kind: "SelfSubjectReview" }),
  });
  const { username = "", groups = [] } = review.status?.userInfo ?? {};
  const token = sessionToken();
  const own = token ? namespaceOfToken(token) : undefined;
  const seesAll = own === undefined || (await mayI({ verb: "list", group: "", resource: "pods" }));
  return { name: username, groups, namespace: seesAll ? undefined : own };
}
