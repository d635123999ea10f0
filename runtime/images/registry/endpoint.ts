import { errorChain } from "#kit/log";
import type { HttpClient } from "#runtime/images/registry/http";
import { RuntimeError } from "#runtime/runtime";

/** How registries are reached beyond the rule "https, verified". */
export interface RegistrySettings {
  /** Hosts ("registry.lan:5000") that may be spoken to in plain http or with an unverified certificate. */
  readonly insecure?: readonly string[];
  /** PEM of certificate authorities by host. */
  readonly certificateAuthorities?: Readonly<Record<string, string>>;
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare === "::1" || /^127\.\d+\.\d+\.\d+$/.test(bare);
}

/** "docker.io" is a name, not a host. */
export function registryHost(registry: string): string {
  return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

export function isInsecureRegistry(registry: string, settings: RegistrySettings): boolean {
  return (
    isLoopback(new URL(`http://${registry}`).hostname) ||
    (settings.insecure ?? []).includes(registry)
  );
}

/**
 * The base URL that answers: https, and for insecure registries http when https does not work there.
 * Throws RegistryUnavailable when nothing answers.
 */
export async function findEndpoint(
  registry: string,
  isInsecure: boolean,
  http: HttpClient,
  signal?: AbortSignal,
): Promise<URL> {
  const host = registryHost(registry);
  const failures: unknown[] = [];
  for (const scheme of isInsecure ? ["https", "http"] : ["https"]) {
    const url = new URL(`${scheme}://${host}/v2/`);
    try {
      const response = await http.send({ method: "GET", url, ...(signal ? { signal } : {}) });
      response.body.resume();
      return new URL(`${scheme}://${host}/`);
    } catch (error) {
      if (signal?.aborted) throw error;
      failures.push(error);
    }
  }
  throw new RuntimeError(
    "RegistryUnavailable",
    `cannot reach the registry ${host}: ${errorChain(failures.at(-1))}`,
    { cause: failures.at(-1) },
  );
}
