import { RequestError, type RestOptions, restTransport } from "#client/rest";
import type { ApiRequest, ApiResponse, Transport } from "#client/transport";

export interface FailoverOptions extends Omit<RestOptions, "server"> {
  /** "https://10.0.0.2:6443", at least one; all of one cluster. */
  readonly servers: readonly string[];
}

/** A server that hangs is left for another within a quarter of a minute, unless the options say otherwise. */
const LIVENESS = { pingEveryMs: 10_000, pingTimeoutMs: 5_000, connectTimeoutMs: 5_000 };

/**
 * Requests to one of several API servers: the one that answered last, until it does not. Then what cannot have had an
 * effect is asked of the next; everything else fails as with one server, and only the next request goes elsewhere.
 * A watch that breaks is begun again by whoever reads it, at the revision it had: all servers know the same ones.
 */
export function failoverTransport(
  options: FailoverOptions,
): Transport & { close(): Promise<void> } {
  const { servers, ...common } = options;
  const [only] = servers;
  if (only !== undefined && servers.length === 1) return restTransport({ ...common, server: only });
  const transports = servers.map((server) =>
    restTransport({ liveness: LIVENESS, ...common, server }),
  );
  let current = 0;
  const transport = async (request: ApiRequest): Promise<ApiResponse> => {
    for (let tries = 1; ; tries++) {
      const asked = current;
      try {
        return await (transports[asked] as Transport)(request);
      } catch (error) {
        if (!(error instanceof RequestError) || request.signal?.aborted) throw error;
        // Another request may have moved on already.
        if (current === asked) current = (asked + 1) % transports.length;
        if (!error.isRepeatable || tries >= transports.length) throw error;
      }
    }
  };
  return Object.assign(transport, {
    close: async () => {
      await Promise.all(transports.map((one) => one.close()));
    },
  });
}
