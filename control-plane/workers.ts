import { configMapKind } from "#api/kinds/config-map";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import { serviceAccountKind } from "#api/kinds/service-account";
import { serviceKind } from "#api/kinds/service";
import type { AuthenticationV1TokenRequest } from "#api/schema/types";
import type { Client } from "#client/client";
import { createInformers, type Informers } from "#client/shared-informers";
import { startControllers } from "#control-plane/controllers/start";
import { createNodeGateway } from "#control-plane/nodes/gateway";
import type {
  ClusterNetwork,
  MintedToken,
  NodeGateway,
  TokenRequest,
} from "#control-plane/nodes/types";
import { plugins } from "#control-plane/scheduler/plugins/index";
import { startScheduler } from "#control-plane/scheduler/scheduler";
import type { Clock } from "#kit/clock";
import { invariant } from "#kit/invariant";
import type { Log } from "#kit/log";
import type { Rng } from "#kit/rng";

/** Everything in the control plane that is a client of the API: gateway, controllers, scheduler. */
export interface Workers {
  readonly gateway: NodeGateway;
  stop(): Promise<void>;
}

export interface WorkersOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly bindAddress: string;
  readonly gatewayPort: number;
  readonly network: ClusterNetwork;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly serverVersion: string;
}

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { client, clock, rng, log } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const informers = createInformers(client, { clock, log, signal, rng });
  const gateway = await startGateway(options, informers);
  const running = startControllers({ client, informers, clock, rng, log, signal });
  const pods = informers.for(podKind);
  const nodes = informers.for(nodeKind);
  const scheduler = startScheduler({ client, pods, nodes, plugins, clock, rng, log });
  return {
    gateway,
    async stop() {
      await gateway.close();
      await scheduler.stop();
      ending.abort();
      await running;
      await informers.stopped();
    },
  };
}

function startGateway(options: WorkersOptions, informers: Informers): Promise<NodeGateway> {
  const { client, clock, log, bindAddress, network, tls, serverVersion } = options;
  return createNodeGateway({
    client,
    informers: {
      pods: informers.for(podKind),
      nodes: informers.for(nodeKind),
      configMaps: informers.for(configMapKind),
      secrets: informers.for(secretKind),
      services: informers.for(serviceKind),
      endpointSlices: informers.for(endpointSliceKind),
    },
    tls,
    bindAddress,
    port: options.gatewayPort,
    clock,
    log,
    network,
    serverVersion,
    mintToken: (request) => mintToken(client, request),
  });
}

/** A token for a pod's service account, bound to the pod: it ends with it. */
async function mintToken(client: Client, request: TokenRequest): Promise<MintedToken> {
  const { pod, audience, expirationSeconds, serviceAccountName } = request;
  const { name, namespace = "", uid } = pod.metadata;
  const { status } = await client.createSubresource<AuthenticationV1TokenRequest>(
    serviceAccountKind,
    { name: serviceAccountName, namespace, subresource: "token" },
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {
        ...(audience === undefined ? {} : { audiences: [audience] }),
        expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    },
  );
  invariant(status, "an answered TokenRequest has a status");
  const { token, expirationTimestamp } = status;
  return { token, expirationTimestamp };
}
