import { join } from "node:path";
import { type KubeconfigOptions, writeKubeconfig } from "#control-plane/pki/kubeconfig";
import type { ServerCertificates } from "#control-plane/pki/server-certificates";
import type { ServerDirectory } from "#control-plane/servers/types";
import type { Locations } from "#kit/locations";
import type { Log } from "#kit/log";

export interface KubeconfigsOptions {
  readonly locations: Locations;
  /** Of this server. */
  readonly url: string;
  readonly certificates: ServerCertificates;
  readonly servers: ServerDirectory;
  readonly log: Log;
}

export interface Kubeconfigs {
  /** The administrator's. */
  readonly path: string;
  /** With the certificates and servers of now. */
  write(): Promise<void>;
}

/** Keeps those of the administrator and of this machine's ingress as the directory of servers is. */
export async function keepKubeconfigs(options: KubeconfigsOptions): Promise<Kubeconfigs> {
  const { servers, log } = options;
  // One after the other: they replace the same files.
  let last: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    const writing = last.then(() => writeBoth(options));
    last = writing.catch(() => undefined); // whoever asked for it is told
    return writing;
  };
  await write();
  servers.onChange(() => {
    write().catch((error: unknown) => log.warn("the kubeconfigs could not be written", { error }));
  });
  return { path: adminPath(options.locations), write };
}

async function writeBoth(options: KubeconfigsOptions): Promise<void> {
  const { locations, url, certificates, servers } = options;
  const { caPem, admin, ingress } = certificates.current;
  const urls = servers.list().map(({ apiAddress }) => `https://${apiAddress}`);
  const common: Pick<KubeconfigOptions, "server" | "servers" | "caPem"> = {
    server: url,
    servers: urls,
    caPem,
  };
  await writeKubeconfig(adminPath(locations), { ...common, user: "kaji-admin", client: admin });
  const ingressPath = join(locations.lib, "ingress.kubeconfig");
  const user = "system:kaji:ingress";
  await writeKubeconfig(ingressPath, { ...common, user, client: ingress });
}

function adminPath({ lib }: Locations): string {
  return join(lib, "admin.kubeconfig");
}
