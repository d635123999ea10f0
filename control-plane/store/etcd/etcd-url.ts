/** Where an etcd cluster is and how to speak with it. */
export interface EtcdAddress {
  /** "host:port", at least one. */
  readonly endpoints: readonly string[];
  /** Stands before every key: "" or what the URL's path says, with its slash and without one at the end. */
  readonly prefix: string;
  /** Absent: plain TCP. */
  readonly tls?: TlsFiles;
}

/** Paths of PEM files. Without `ca` the system's certificate authorities count. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

const SHAPE = /^etcd:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/;
const DEFAULT_PORT = 2379;
const PARAMETERS = ["ca", "cert", "key", "tls"];

/**
 * etcd://HOST[:PORT][,HOST[:PORT]...][/PREFIX][?ca=FILE&cert=FILE&key=FILE]. Any of ca, cert and key (or tls=true)
 * means TLS. Not parsed by URL: that knows one host only.
 */
export function parseEtcdUrl(url: string): EtcdAddress {
  const [, hosts = "", path = "", query = ""] = SHAPE.exec(url) ?? [];
  const endpoints = hosts.split(",").map((host) => endpointOf(host, url));
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) {
    throw refusal(url, `the parameter "${unknown}" is not one of ${PARAMETERS.join(", ")}`);
  }
  const tls = tlsOf(parameters, url);
  const prefix = decodeURIComponent(path).replace(/\/+$/, "");
  return { endpoints, prefix, ...(tls ? { tls } : {}) };
}

function endpointOf(host: string, url: string): string {
  const [, name, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]@]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
  if (name === undefined) {
    throw refusal(url, host === "" ? "a host is missing" : `"${host}" is not HOST or HOST:PORT`);
  }
  return `${name}:${port ?? DEFAULT_PORT}`;
}

function tlsOf(parameters: URLSearchParams, url: string): TlsFiles | undefined {
  const [ca, cert, key] = ["ca", "cert", "key"].map((name) => parameters.get(name) ?? undefined);
  if ((cert === undefined) !== (key === undefined)) {
    throw refusal(url, "a client certificate needs both cert and key");
  }
  if (ca === undefined && cert === undefined && parameters.get("tls") !== "true") return undefined;
  return { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}) };
}

function refusal(url: string, reason: string): Error {
  return new Error(
    `"${url}" is not the URL of an etcd cluster: ${reason}; write etcd://host:2379,host:2379/prefix?ca=file&cert=file&key=file`,
  );
}
