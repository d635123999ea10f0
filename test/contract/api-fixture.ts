import { generateKeyPairSync } from "node:crypto";
import { kinds } from "#api/kinds/index";
import { StatusError } from "#api/machinery/status-error";
import type { ConfigMap, Pod, Service } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import type { ApiRequest, ApiResponse, UserInfo } from "#client/transport";
import {
  type ApiServer,
  type ApiServerOptions,
  createApiServer,
} from "#control-plane/apiserver/api-server";
import { jwtKeysOf } from "#control-plane/apiserver/auth/jwt";
import { bootstrapCluster, fillNamespace } from "#control-plane/apiserver/bootstrap";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { systemRng } from "#kit/rng";

/** An API server on a store in memory, without network: for tests of everything above the store. */
export interface TestApi {
  readonly apiServer: ApiServer;
  readonly store: Store;
  readonly client: Client;
  /** Sends one request as the admin, or as whom `user` says. */
  send(request: Partial<ApiRequest> & Pick<ApiRequest, "method" | "path">): Promise<ApiResponse>;
  clientFor(user: UserInfo): Client;
  close(): Promise<void>;
}

export const ADMIN: UserInfo = {
  name: "test-admin",
  groups: ["system:masters", "system:authenticated"],
};

/** On a store of its own, or beside another server on that server's. */
export async function startTestApi(
  on: string | Store = "memory:",
  more: Partial<ApiServerOptions> = {},
): Promise<TestApi> {
  const clock = systemClock;
  const store = typeof on === "string" ? await openStore(on, { clock, log: silentLog }) : on;
  const caPem = "a certificate";
  const serviceCidr = "10.96.0.0/16";
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const apiServer = createApiServer({
    store,
    kinds,
    clock,
    rng: systemRng,
    log: silentLog,
    jwtKeys: jwtKeysOf(privateKey),
    advertisedAddress: "127.0.0.1:6443",
    serviceCidr,
    async afterCreate(kind, object) {
      if (kind.kind === "Namespace") await fillNamespace({ client, kinds, caPem }, object);
    },
    ...more,
  });
  const client = createClient(apiServer.handle, { user: ADMIN, userAgent: "test" });
  await apiServer.ready();
  await bootstrapCluster({ client, kinds, caPem, serviceCidr, address: "127.0.0.1", port: 6443 });
  return {
    apiServer,
    store,
    client,
    send: (request) => apiServer.handle({ query: new URLSearchParams(), user: ADMIN, ...request }),
    clientFor: (user) => createClient(apiServer.handle, { user }),
    async close() {
      await apiServer.close();
      await store.close();
    },
  };
}

export function configMap(name: string, data: Record<string, string> = {}): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

export function pod(name: string, spec: Partial<Pod["spec"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: "test" } },
    spec: { containers: [{ name: "main", image: "busybox" }], ...spec },
  };
}

export function service(name: string, spec: Service["spec"] = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: { ports: [{ port: 80 }], ...spec },
  };
}

/** The value of a "json" response. */
export function valueOf(response: ApiResponse): Record<string, unknown> {
  if (response.type !== "json") throw new Error(`a JSON response, not ${response.type}`);
  return response.value as Record<string, unknown>;
}

/** The refusal that a promise must end with. */
export async function refusalOf(attempt: Promise<unknown>): Promise<StatusError> {
  const outcome = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof StatusError) return outcome;
  throw new Error("a StatusError was expected", { cause: outcome });
}
