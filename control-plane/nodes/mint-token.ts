import type { Kind } from "#api/machinery/define-kind";
import type { ServiceAccount } from "#api/schema/types";
import type { Client } from "#client/client";
import type { MintedToken, TokenRequest } from "#control-plane/nodes/types";

/** Mints by the API's own token subresource: a TokenRequest bound to the pod. */
export function mintTokenBy(client: Client, serviceAccounts: Kind<ServiceAccount>) {
  return async (request: TokenRequest): Promise<MintedToken> => {
    const { name, namespace = "", uid = "" } = request.pod.metadata;
    const target = { name: request.serviceAccountName, namespace, subresource: "token" };
    const { status } = await client.createSubresource<{ status: MintedToken }>(
      serviceAccounts,
      target,
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        metadata: {},
        spec: {
          ...(request.audience ? { audiences: [request.audience] } : { audiences: [] }),
          expirationSeconds: request.expirationSeconds,
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
        },
      },
    );
    return { token: status.token, expirationTimestamp: status.expirationTimestamp };
  };
}
