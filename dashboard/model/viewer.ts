import { apiJson } from "#dashboard/model/api-request";
import { namespaceOfToken, sessionToken } from "#dashboard/model/session";

/** Who the server takes the viewer for. */
export interface Viewer {
  readonly name: string;
  readonly groups: readonly string[];
  /** Of a service account: where it most likely may look. */
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
  return { name: username, groups, namespace: token ? namespaceOfToken(token) : undefined };
}
