import { stringify } from "yaml";
import { SERVERS_EXTENSION } from "#client/kubeconfig";
import type { KeyAndCertificate } from "#control-plane/pki/certificates";
import { writeSecretFile } from "#control-plane/pki/files";

export interface KubeconfigOptions {
  /** "https://127.0.0.1:6443" */
  readonly server: string;
  /** All servers of the cluster, for clients that know the extension. */
  readonly servers?: readonly string[];
  readonly caPem: string;
  readonly user: string;
  readonly client: KeyAndCertificate;
}

/** A kubeconfig with everything inside, for kubectl, helm and client libraries. */
export function kubeconfigText(options: KubeconfigOptions): string {
  const { server, servers = [], caPem, user, client } = options;
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "kaji",
        cluster: {
          server,
          "certificate-authority-data": encode(caPem),
          ...(servers.length > 1
            ? { extensions: [{ name: SERVERS_EXTENSION, extension: { servers } }] }
            : {}),
        },
      },
    ],
    users: [
      {
        name: user,
        user: {
          "client-certificate-data": encode(client.certificatePem),
          "client-key-data": encode(client.keyPem),
        },
      },
    ],
    contexts: [{ name: "kaji", context: { cluster: "kaji", user } }],
    "current-context": "kaji",
  });
}

export function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  return writeSecretFile(path, kubeconfigText(options));
}
