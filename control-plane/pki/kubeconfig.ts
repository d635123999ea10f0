import { stringify } from "yaml";
import type { KeyAndCertificate } from "#control-plane/pki/certificates";
import { writeSecretFile } from "#control-plane/pki/files";

export interface KubeconfigOptions {
  /** "https://127.0.0.1:6443" */
  readonly server: string;
  readonly caPem: string;
  readonly user: string;
  readonly client: KeyAndCertificate;
}

/** A kubeconfig with everything inside, for kubectl, helm and client libraries. */
export function kubeconfigText({ server, caPem, user, client }: KubeconfigOptions): string {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kaji", cluster: { server, "certificate-authority-data": encode(caPem) } }],
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
