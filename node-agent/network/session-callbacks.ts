import { errorChain } from "#kit/log";
import type { Rng } from "#kit/rng";
import { untilApplied } from "#node-agent/network/until-applied";
import type { NodeContext } from "#node-agent/node-context";
import type { PolicyState } from "#node-agent/session/policy-picture";
import type { NodeSessionCallbacks, ServiceState, WelcomeData } from "#node-agent/session/types";

export interface NetworkCallbacksOptions {
  readonly context: Pick<
    NodeContext,
    "network" | "nodeName" | "hostIp" | "clock" | "log" | "events"
  >;
  readonly rng: Rng;
  /** Looks at the host's addresses again. */
  readonly refresh: () => Promise<void>;
  /** Undefined: the network is as it should be. */
  readonly setNotReady: (reason: string | undefined) => Promise<void>;
  readonly signal: AbortSignal;
}

/** What the control plane says of the network, brought into the kernel: tried again until it is there. */
export function networkCallbacks(
  options: NetworkCallbacksOptions,
): Pick<NodeSessionCallbacks, "onWelcome" | "onServices" | "onPolicies" | "onPeers"> {
  const { context, rng, refresh, setNotReady, signal } = options;
  const { network, log, clock, events } = context;
  const retried = { clock, rng, signal };
  const report = (reason: string | undefined): Promise<void> =>
    setNotReady(reason).catch((error: unknown) =>
      log.error("the node's status could not be reported", { error }),
    );
  const warn =
    (what: string, { reason }: { readonly reason: string }) =>
    (error: unknown) => {
      const message = errorChain(error);
      log.error(what, { why: message });
      events.node({ type: "Warning", reason, message });
    };
  return {
    onWelcome: untilApplied<WelcomeData>({
      ...retried,
      async apply(welcome) {
        await refresh();
        await network.configure({ nodeName: context.nodeName, nodeIp: context.hostIp, ...welcome });
        await report(undefined);
      },
      async failed(error) {
        log.error("the pod network could not be configured", { error });
        await report(`container runtime network not ready: ${errorChain(error)}`);
      },
    }),
    onServices: untilApplied<ServiceState>({
      ...retried,
      apply: (services) => network.syncServices(services),
      failed: (error) => log.error("the services could not be applied", { error }),
    }),
    onPolicies: untilApplied<PolicyState>({
      ...retried,
      apply: (policies) => network.syncPolicies(policies),
      failed: warn("the network policies could not be applied", {
        reason: "NetworkPoliciesFailed",
      }),
    }),
    onPeers(peers) {
      // They are looked at again and again as it is: interfaces go down, and take their routes with them.
      const failed = warn("the routes to other nodes could not be applied", {
        reason: "PeerRoutesFailed",
      });
      network.syncPeers(peers).catch(failed);
    },
  };
}
