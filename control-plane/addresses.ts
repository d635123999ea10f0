import { hostname, networkInterfaces } from "node:os";
import { cidrAddress } from "#control-plane/apiserver/admission/cidr";

/** What the certificate of a server must be good for. */
export function serverNames(options: {
  readonly address: string;
  readonly serviceCidr: string;
  readonly clusterDomain: string;
}): { readonly hosts: readonly string[]; readonly addresses: readonly string[] } {
  const service = "kubernetes.default.svc";
  return {
    hosts: [
      "localhost",
      "kubernetes",
      "kubernetes.default",
      service,
      `${service}.${options.clusterDomain}`,
      hostname(),
    ],
    addresses: [...new Set(["127.0.0.1", options.address, cidrAddress(options.serviceCidr, 1)])],
  };
}

/** Where others reach a server that listens on every address: the first one that is not loopback. */
export function reachableAddress(bindAddress: string): string {
  if (bindAddress !== "0.0.0.0" && bindAddress !== "::") return bindAddress;
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((one) => !one.internal && one.family === "IPv4");
  return external?.address ?? "127.0.0.1";
}
